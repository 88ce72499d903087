"""A window: what is known of a subject's meters in [start, end), selected for one indicator or several.

Pure values; times are microseconds since 1970 UTC, amounts are in the quantities' canonical units.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ingest.model.columns import RowsOnDemand
from ingest.model.observation import FloatColumn
from ingest.model.reading import ReadingKind
from ingest.model.spans import FOREVER, Span
from ingest.model.time import SECOND
from kpi_engine.factors.factor import Factor
from processors.steps.bounds import ANY_RATE, Count
from processors.steps.rollup import Rollup

if TYPE_CHECKING:
    from kpi_engine.evidence.amount_columns import EntryColumns
    from kpi_engine.ports.port import Port

GivenT = TypeVar("GivenT")

KNOWN_FROM: Final = 0.90  # of an hour or an open period: less says too little about the time that it stands for


@dataclass(frozen=True)
class Amount:
    """One quantity of one meter over a stretch of time. ``kind`` decides what makes its sum whole.

    ``count``: how it counts. ``hole``: seconds in the middle of which nothing is known. ``shown``: what the register
    showed when it was first read, and so the most that it had counted before; None where it may have counted more.
    ``shared``: what stands for it where it was not read at all, by its share of what the other meters counted; None
    where nothing does. ``entries``: what was made of it before as an input of figures, by meter: many figures read it.
    """

    rollup: Rollup
    kind: ReadingKind = ReadingKind.REGISTER
    count: Count = ANY_RATE
    hole: float = 0.0
    shown: float | None = None
    shared: float | None = None
    entries: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)


@dataclass(frozen=True)
class Meter:
    """A meter and its amounts by quantity; a quantity that it does not report is absent. ``role``: in a balance.

    ``beside``: amounts that tell what it is worth, where one of the meters lacks a quantity.
    """

    name: str
    amounts: Mapping[str, Amount]
    carrier: str | None = None
    role: str | None = None
    beside: Mapping[str, Amount] = field(default_factory=dict)


class ManyMeters(RowsOnDemand[Meter]):
    """Meters whose amounts are columns: one of them becomes an object when it is looked at."""

    @abstractmethod
    def of(self, carrier: str) -> Sequence[Meter]:
        """Return the meters of one carrier."""

    @abstractmethod
    def in_role(self, role: str) -> Sequence[Meter]:
        """Return the meters on one side of a balance."""

    @abstractmethod
    def beside(self) -> Sequence[Meter]:
        """Return the same meters with the amounts that tell what they are worth; none where none has any."""

    @abstractmethod
    def entries(self, quantity: str) -> "EntryColumns":
        """Return ``quantity`` of every meter as inputs of an indicator, in the order of their names."""

    @abstractmethod
    def doubtful(self) -> Iterator[Rollup]:
        """Yield what is known of every amount that is not known from edge to edge, and maybe of others."""


@dataclass(frozen=True)
class Stretch:
    """A part [start, end) of a window in which one factor of a carrier holds; None with ``missing`` saying why."""

    carrier: str
    start: int
    end: int
    meters: Sequence[Meter]
    factor: Factor | None = None
    missing: str | None = None


@dataclass(frozen=True)
class Hours:
    """Civil hours of a window: the subject's amount and the factor (kg/kWh), NaN where not known.

    A factor is known where KNOWN_FROM of its hour is. ``estimated`` is the part of the amount whose place in time is
    estimated, over the whole window; ``series`` names the factor series.
    """

    amount: FloatColumn
    factor: FloatColumn
    estimated: float
    series: str


@dataclass(frozen=True)
class FactSpan:
    """A fact of a site in [start, end), in its canonical unit; None with ``missing`` saying why."""

    site: str
    start: int
    end: int
    value: float | None
    missing: str | None = None


@dataclass(frozen=True)
class Window:
    """What a subject's meters say of [start, end): for an open period, ``end`` is the horizon.

    ``refused``: why there can be no figure, whatever the meters say. ``notes``: what is said of meters beside it.
    ``days_before``: the days from which something stands for meters that were silent. ``rests_from``: from when on
    hours before the window decide what it says, where a meter is silent. ``rests_on_first``: so may hours that held no
    reading so far, however early. ``ports``: what each port of the indicator gives. ``figures_reach``: up to when all
    meters of the figures are known that it takes; None where one is not at all.
    """

    start: int
    end: int
    meters: Sequence[Meter]
    refused: str | None = None
    notes: tuple[str, ...] = ()
    days_before: Span | None = None
    rests_from: int | None = None
    rests_on_first: bool = False
    ports: "Mapping[Port[Any], Any]" = field(default_factory=dict)
    figures_reach: int | None = FOREVER

    @property
    def seconds(self) -> float:
        """Length of the window."""
        return (self.end - self.start) / SECOND

    def given(self, port: "Port[GivenT]") -> GivenT:
        """Return what a port of the indicator gives."""
        found: GivenT = self.ports[port]
        return found

    def of(self, carrier: str) -> Sequence[Meter]:
        """Return the meters of one carrier."""
        if isinstance(self.meters, ManyMeters):
            return self.meters.of(carrier)
        return [meter for meter in self.meters if meter.carrier == carrier]

    def in_role(self, role: str) -> Sequence[Meter]:
        """Return the meters on one side of a balance."""
        if isinstance(self.meters, ManyMeters):
            return self.meters.in_role(role)
        return [meter for meter in self.meters if meter.role == role]

    def beside(self) -> Sequence[Meter]:
        """Return the meters with the amounts that tell what they are worth; none where none has any."""
        if isinstance(self.meters, ManyMeters):
            return self.meters.beside()
        is_told = any(meter.beside for meter in self.meters)
        return [replace(meter, amounts=meter.beside) for meter in self.meters] if is_told else ()

    def reach(self) -> int | None:
        """Return up to when every meter's amounts are known from its start on; None where one is not at all.

        So of the meters of figures that it takes.
        """
        if isinstance(self.meters, ManyMeters):
            rollups = list(self.meters.doubtful())
        else:
            rollups = [amount.rollup for meter in self.meters for amount in meter.amounts.values()]
        if self.figures_reach is None or any(rollup.covered_from != rollup.bucket for rollup in rollups):
            return None
        ends = [rollup.covered_to for rollup in rollups if not rollup.is_bounded]
        return min(self.figures_reach, min((end for end in ends if end is not None), default=self.end))
