"""Energy of a subject by its meters and its bills together: on each day one of them counts, by the rule of the city.

Meters speak of a day of which they measured 90 % or more. What counts is said day by day in the inputs of the figure.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import fsum
from typing import Final

from pydantic import Field

from ingest.model.calendar import Period, day_of
from ingest.model.policies import BILLS_AND_METERS
from ingest.model.sentences import Sentence
from kpi_engine.evidence.amounts import LARGEST
from kpi_engine.families.of_figures import bounded_of
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.indicator import Better, Entry, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.bills import Bills
from kpi_engine.ports.metric import Metric, MetricInput, MetricPeriod, every
from kpi_engine.ports.policies import PolicyOf
from kpi_engine.ports.statistics import StatisticInput, statistic_input
from kpi_engine.statistics.bills_and_meters import BillsAndMeters, Combined, CountedFrom, combined
from kpi_engine.statistics.catalogue import STATISTICS
from kpi_engine.window import KNOWN_FROM, Window

RULE: Final = PolicyOf(BILLS_AND_METERS)
KWH: Final = "kWh"
Energy = Field(default=None, ge=-LARGEST, le=LARGEST)


class CountedFromTo(Entry):
    """Whose amount counts on the civil days from ``start`` up to ``end``, how many those are: meters, bill, neither."""

    start: date
    end: date
    source: CountedFrom

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days


class MeteredOrBilledInputs(Inputs):
    """By which ``rule`` whose amount counts on which days, what meters counted on theirs in kWh, and bills on theirs.

    ``known_share``: of the time of which a bill that counts or measurements tell. ``missing`` says of which days there
    is no amount.
    """

    rule: BillsAndMeters
    days: tuple[CountedFromTo, ...]
    metered_kwh: float | None = Energy
    metered_lower_kwh: float | None = Energy
    metered_upper_kwh: float | None = Energy
    billed: StatisticInput | None = None
    known_share: float = Field(default=1.0, ge=0, le=1)
    missing: str | None = None

    @property
    def metered(self) -> Bounded:
        """What meters counted, with its bounds."""
        return Bounded.between(self.metered_kwh, self.metered_lower_kwh, self.metered_upper_kwh)


def compute(inputs: MeteredOrBilledInputs) -> Outcome:
    """Return what meters and bills come to together; None where a day has no amount, or two."""
    if not inputs.days:
        return Outcome(None, 0.0, None, Sentence("no day of this period is over").of())
    billed = inputs.billed
    parts = [
        *([inputs.metered] if any(one.source is CountedFrom.METERS for one in inputs.days) else []),
        *([billed.bounded] if billed else []),
        *([Bounded(None, 0.0)] if inputs.missing else []),
    ]
    why = [inputs.missing, _days_of_bills(inputs.days) if billed else None, billed.divided if billed else None]
    return Outcome.of(added(parts), inputs.known_share, reason="; ".join(filter(None, why)) or None)


def metered_or_billed(  # noqa: PLR0913 - what a definition holds
    name: str, *, title: str, carrier: str, kpi: str, bill: str, frameworks: tuple[str, ...]
) -> Indicator[MeteredOrBilledInputs]:
    """Return the indicator of the energy of a carrier: the figure ``kpi`` of its meters, and the statistic ``bill``."""
    metered, bills = Metric(kpi, period=MetricPeriod.DAYS), Bills(bill)

    def inputs(window: Window) -> MeteredOrBilledInputs:
        """Select whose amount counts on each day, and both sums."""
        given = window.given(bills)
        start, end = (day_of(edge, given.zone) for edge in (window.start, window.end))
        days = dict(zip(_days(start, end), every(window.given(metered)), strict=True))
        rule = BillsAndMeters(window.given(RULE).name)
        amounts = {day: bounded_of(one) for day, one in days.items() if _speaks(one)}
        found = combined(amounts, KWH, STATISTICS[bill], given.values, rule=rule, start=start, end=end, zone=given.zone)
        lower, upper = found.metered.published
        return MeteredOrBilledInputs(
            rule=rule,
            days=tuple(CountedFromTo(start=one.start, end=one.end, source=one.source) for one in found.days),
            metered_kwh=found.metered.value,
            metered_lower_kwh=lower,
            metered_upper_kwh=upper,
            billed=_billed(bill, found),
            known_share=_known_share(found, days),
            missing=found.missing,
        )

    return Indicator(
        name=name,
        title=title,
        unit=KWH,
        definition=f"{carrier} used by a site or the city, by its meters and its bills together [kWh]: on each civil "
        f"day the daily figure {kpi}, where 90 % of the day or more is measured, or the imported statistic "
        f"{bill} of the same subject. Where both speak, the city file says which counts (policies: "
        "bills_and_meters): meters_first, bills_first, or refuse, which leaves no figure. A day of which "
        "neither speaks leaves no figure either. A bill of which only some days count is divided evenly "
        "by the day, and together they may be nothing or the whole of it. The bills of a city are its "
        "own, not those of its sites. Of periods that have ended.",
        formula=f"sum over days of the meters of ({kpi} of the day) + {bill} of the other days",
        citation="A rule of this project; consumption by bills as in SCIS monitoring (recalled)",
        frameworks=frameworks,
        better=Better.LOWER,
        boundary=f"As {kpi}, and as the bills of the subject say",
        periods=(Period.MONTH, Period.YEAR),
        closed_only=True,
        inputs_model=MeteredOrBilledInputs,
        inputs=inputs,
        compute=compute,
        ports=(metered, bills, RULE),
        months=Months.ADD_UP,
    )


def _known_share(found: Combined, days: Mapping[date, MetricInput]) -> float:
    shares = [
        1.0 if one.source is CountedFrom.BILL else min(days[day].coverage, 1.0)
        for one in found.days
        for day in _days(one.start, one.end)
    ]
    return fsum(shares) / len(shares) if shares else 0.0


def _speaks(figure: MetricInput) -> bool:
    return figure.value is not None and figure.coverage >= KNOWN_FROM


def _days(start: date, end: date) -> Iterator[date]:
    return (date.fromordinal(day) for day in range(start.toordinal(), end.toordinal()))


def _billed(bill: str, found: Combined) -> StatisticInput | None:
    return None if found.billed is None else statistic_input(bill, found.billed)


def _days_of_bills(days: Sequence[CountedFromTo]) -> str:
    of_bills = sum(one.days for one in days if one.source is CountedFrom.BILL)
    return Sentence("by bills on {bills} of {all} days").of(bills=of_bills, all=sum(one.days for one in days))
