"""What one meter counted, as an input of an indicator: as it is stored, and as ``pharos kpi compute`` takes it."""

from math import inf
from typing import Final

from pydantic import Field

from ingest.model.sentences import Sentence
from kpi_engine.evidence.canonical_models import WrittenOnce
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Entry

UNDECLARED: Final = Sentence("the meter does not report").of()
NOT_REPORTED: Final = Sentence("the meter does not report {quantity}")
OF_METER: Final = Sentence("{meter}: {why}")
NO_AMOUNT: Final = Sentence("no amount is given")
LARGEST: Final = 1e18  # no meter counts so much, and a sum of such amounts is still a number
LONGEST: Final = 1e11  # seconds: 3,000 years


class MeterAmount(Entry, WrittenOnce):
    """What one meter counted: register at the end minus register at the start, in the unit its list is named after.

    It lies between ``lower`` and ``upper``, which are the amount itself unless given, and nothing where the amount is
    null: where nothing is known of the meter. ``missing`` says what is not known, and ``filled`` is the part of the
    amount that stands in its place. ``is_open``: nothing bounds the amount on a side of which no bound is given.
    ``estimated``: the part that lies in a silence at the rim. ``seconds`` asked for, and ``covered_seconds`` between
    the first and the last boundary reading. Where readings are further apart than the series' max_gap:
    ``interpolated_seconds`` up to its filling, ``estimated_seconds`` beyond it, and ``longest_gap_seconds``, 0 where
    none is longer than max_gap.
    """

    meter: str
    amount: float | None = Field(ge=-LARGEST, le=LARGEST)
    lower: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    upper: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    is_open: bool = False
    filled: float = Field(default=0.0, ge=-LARGEST, le=LARGEST)
    estimated: float = Field(default=0.0, ge=-LARGEST, le=LARGEST)
    seconds: float = Field(ge=1e-6, le=LONGEST)
    covered_seconds: float = Field(ge=0, le=LONGEST)
    interpolated_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    estimated_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    longest_gap_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    missing: str | None = None

    @property
    def is_undeclared(self) -> bool:
        """Whether the meter does not report the quantity at all."""
        return self.amount is None and (self.missing or "").startswith(UNDECLARED)

    @property
    def bounded(self) -> Bounded:
        """The amount with its bounds."""
        if self.amount is None:
            lower, upper = -inf if self.lower is None else self.lower, inf if self.upper is None else self.upper
            return Bounded(None, lower, upper)
        if self.lower is None and self.upper is None and not self.is_open:
            return Bounded.exact(self.amount)
        lower, upper = -inf if self.lower is None else self.lower, inf if self.upper is None else self.upper
        return Bounded(self.amount, lower, upper).with_value(self.amount)
