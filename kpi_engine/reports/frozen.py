"""One figure as a report freezes it: what it says, and everything that it was computed from."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from kpi_engine.export.period_labels import period_label


class FrozenFigure(BaseModel):
    """A line of ``figures.jsonl``.

    ``inputs`` are what ``pharos kpi compute`` takes. ``reproducible``: false where what it was computed from had
    changed when the report was frozen, and it had not been computed again.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)

    kpi: str
    city: str
    site: str | None
    group: str | None
    period: str
    period_start: datetime
    period_end: datetime
    zone: str
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    coverage: float
    estimated_share: float | None
    status: str
    reason: str | None
    through: datetime
    factors: list[dict[str, Any]]
    inputs: dict[str, Any]
    inputs_hash: str
    rule_version: str
    code_version: str
    revision: int | None
    computed_at: datetime | None
    cause: str | None
    cause_detail: str | None
    reproducible: bool

    @property
    def key(self) -> tuple[str, str, str, str, datetime]:
        """Which figure it is, whatever it says."""
        return self.kpi, self.site or "", self.group or "", self.period, self.period_start

    @property
    def label(self) -> str:
        """Its period on the calendar of the city."""
        return period_label(self.period_start, self.period, self.zone)

    @property
    def subject(self) -> str:
        """Whose it is, in words."""
        return self.site or self.group or self.city

    @property
    def is_open(self) -> bool:
        """Whether its period went on when it was computed."""
        return self.through < self.period_end


AS_STORED: Final = FrozenFigure.model_fields.keys() - {"zone", "inputs", "reproducible"}
"""What a figure that is kept says of itself under the same name."""
