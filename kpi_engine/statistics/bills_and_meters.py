"""Bills and meters of one carrier and subject: whose amount counts on which day, by the rule of the city. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from ingest.model.calendar import day_start
from ingest.model.spans import Span
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.statistics.catalogue import Statistic
from kpi_engine.statistics.given import GivenValue
from kpi_engine.statistics.holding import end_of, latest
from kpi_engine.statistics.over import SpanValue, over

ONE_DAY = timedelta(days=1)


class BillsAndMeters(StrEnum):
    """Which of the two counts on a day that both speak of."""

    METERS_FIRST = "meters_first"
    BILLS_FIRST = "bills_first"
    REFUSE = "refuse"


class CountedFrom(StrEnum):
    """Whose amount counts on a day."""

    METERS = "meters"
    BILL = "bill"
    NEITHER = "neither"
    BOTH = "both"
    """Which the rule refuses."""


@dataclass(frozen=True)
class CountedDays:
    """Whose amount counts on the days [start, end)."""

    start: date
    end: date
    source: CountedFrom

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.start} to {self.end}: {self.source}"


@dataclass(frozen=True)
class Combined:
    """The amount of some days, of meters and bills together, and whose amount counts on which of them.

    ``metered``: what meters counted on their days; ``billed``: the bills of theirs, None where they have none.
    ``missing`` says why there is no value, None where there is one; ``divided`` which bills were cut.
    """

    amount: Bounded
    days: tuple[CountedDays, ...]
    metered: Bounded
    billed: SpanValue | None = None
    missing: str | None = None
    divided: str | None = None


def combined(  # noqa: PLR0913 - the rule, what it is about, and the days
    metered: Mapping[date, Bounded],
    unit: str,
    bill: Statistic,
    bills: Sequence[GivenValue],
    *,
    rule: BillsAndMeters = BillsAndMeters.METERS_FIRST,
    start: date,
    end: date,
    zone: str,
) -> Combined:
    """Return the amount of the civil days [start, end) of ``zone``.

    ``metered``: what meters counted, by day, in ``unit``; a day without a value is one on which they say nothing.
    ``bills``: values of ``bill`` of the same subject, in any order. The part of a bill that counts is its share by the
    day; that of all its days together may be nothing or the whole.
    """
    stretches = tuple(_stretches(rule, metered, latest(bills), _days(start, end)))
    of = {source: [one for one in stretches if one.source is source] for source in CountedFrom}
    parts = [metered[day] for one in of[CountedFrom.METERS] for day in _days(one.start, one.end)]
    missing = [
        *(f"neither meters nor a {bill.name} on the days {one.start} to {one.end}" for one in of[CountedFrom.NEITHER]),
        *(
            f"meters and a {bill.name} both speak of the days {one.start} to {one.end}; expected one of them "
            f"(bills_and_meters: {rule})"
            for one in of[CountedFrom.BOTH]
        ),
    ]
    metered_days, billed, divided = added(parts), None, None
    if of[CountedFrom.BILL]:
        billed = over(bill, bills, [_span(one.start, one.end, zone) for one in of[CountedFrom.BILL]], zone)
        parts.append(billed.amount if billed.unit == unit else Bounded(None))
        divided = billed.divided
        if billed.missing:
            missing.append(billed.missing)
        elif billed.unit != unit:
            missing.append(f"{bill.name} is given in {billed.unit}, meters count {unit}")
    if missing:
        parts.append(Bounded(None, 0.0))
    return Combined(added(parts), stretches, metered_days, billed, "; ".join(missing) or None, divided)


def _stretches(
    rule: BillsAndMeters, metered: Mapping[date, Bounded], bills: Sequence[GivenValue], asked: Iterable[date]
) -> Iterator[CountedDays]:
    """Yield whose amount counts, by days that follow each other."""
    for source, days in groupby(asked, key=lambda day: _source(rule, metered.get(day), _is_billed(day, bills))):
        together = list(days)
        yield CountedDays(together[0], together[-1] + ONE_DAY, source)


def _source(rule: BillsAndMeters, counted: Bounded | None, is_billed: bool) -> CountedFrom:
    is_metered = counted is not None and counted.value is not None
    if is_metered and is_billed:
        first = {BillsAndMeters.METERS_FIRST: CountedFrom.METERS, BillsAndMeters.BILLS_FIRST: CountedFrom.BILL}
        return first.get(rule, CountedFrom.BOTH)
    if is_metered:
        return CountedFrom.METERS
    return CountedFrom.BILL if is_billed else CountedFrom.NEITHER


def _is_billed(day: date, bills: Sequence[GivenValue]) -> bool:
    return any(one.valid_from <= day < end_of(one) for one in bills)


def _days(start: date, end: date) -> Iterator[date]:
    return (date.fromordinal(day) for day in range(start.toordinal(), end.toordinal()))


def _span(start: date, end: date, zone: str) -> Span:
    return day_start(start, zone), day_start(end, zone)
