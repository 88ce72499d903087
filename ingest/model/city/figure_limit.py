"""Limits of figures: beyond which an alarm is raised, as a city or a site declares them."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from ingest.model.alarm import Severity
from ingest.model.declarations.alternatives import exactly_one
from ingest.model.declarations.declaration import Declaration, Name

Number = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1, max_length=500)]


class LimitPeriod(StrEnum):
    """Of which figures the newest whole one is held against a limit."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class FigureLimit(Declaration):
    """What figures of an indicator must not be ``above`` or ``below``, in its unit.

    ``clear``: where an alarm is let go, the limit itself where left out. ``remedy``: what to look at then.
    """

    name: Name
    indicator: Name
    title: Text
    period: LimitPeriod = LimitPeriod.DAY
    above: Number | None = None
    below: Number | None = None
    clear: Number | None = None
    severity: Severity = Severity.MINOR
    remedy: Text | None = None

    _one_limit = model_validator(mode="after")(exactly_one("above", "below", "either above or below"))

    @property
    def limit(self) -> float:
        """Where an alarm is raised."""
        found = self.above if self.above is not None else self.below
        assert found is not None  # noqa: S101 - exactly one is given
        return found

    @model_validator(mode="after")
    def _lets_go(self) -> Self:
        if self.clear is not None and (self.clear > self.limit if self.above is not None else self.clear < self.limit):
            raise ValueError(
                f"expected clear on the right side of {self.limit:g}, or there; otherwise it never lets go"
            )
        return self
