"""Bills as they were given: for indicators where a rule says, day by day, whether they count or meters do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpi_engine.ports.port import Dated, Found, Port, Reads
from kpi_engine.ports.statistics import BoundStatistic, Statistics
from kpi_engine.statistics.given import GivenValue

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


@dataclass(frozen=True)
class GivenBills:
    """The values of the statistic ``name`` that were given for a subject, whatever their days, and its civil time."""

    name: str
    values: Sequence[GivenValue]
    zone: str


@dataclass(frozen=True)
class Bills(Port[GivenBills]):
    """The bills of the statistic called ``name``; where none was ever given, the indicator is none of the subject's."""

    name: str

    @property
    def statistic(self) -> Statistics:
        """The statistic that they are of."""
        return Statistics(self.name, is_needed=True)

    @property
    def stated(self) -> tuple[str, ...]:
        """The statistic."""
        return self.statistic.stated

    @property
    def lacking(self) -> str | None:
        """Say what is to be imported."""
        return self.statistic.lacking

    def bind(self, scope: "PortScope") -> "BoundBills":
        """Return the bills of a subject."""
        return BoundBills(self.statistic.bind(scope))


@dataclass(frozen=True)
class BoundBills(Reads[GivenBills]):
    """The bills of a subject."""

    bound: BoundStatistic

    @property
    def lacks(self) -> bool:
        """Whether none was ever given."""
        return self.bound.lacks

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the values that were given."""
        return self.bound.items()

    def dated_items(self) -> Iterator[Dated]:
        """Yield each value on its days."""
        return self.bound.dated_items()

    def given(self, start: int, end: int, found: Found) -> GivenBills:  # noqa: ARG002 - a rule chooses among them
        """Return all of them."""
        return GivenBills(self.bound.name, self.bound.values, self.bound.zone)
