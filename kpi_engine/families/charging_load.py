"""Charging by the hour: the load of all charging points together, beside the power that they are rated for.

Energy of an hour in kWh is its mean power in kW. Records of sessions tell of no hours, so there is no figure of them.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from pydantic import Field

from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.boundary.final_energy import CHARGERS, consumers
from kpi_engine.evidence.amount_entry import OF_METER
from kpi_engine.evidence.amounts import LARGEST, LONGEST
from kpi_engine.families.hour_inputs import HourlyInputs, HourValues, hour_values
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.hour_columns import peak
from kpi_engine.indicator import Entry, Indicator, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.hours import MatchedHours, MeterGroup
from kpi_engine.window import FactSpan, Window

PERCENT: Final = 100.0
CHARGED: Final = "charged"
OF_CHARGERS: Final = MeterGroup(CHARGED, consumers("electricity", device_types=CHARGERS))
LOAD: Final = MatchedHours((OF_CHARGERS,))
POINTS: Final = MatchedHours((MeterGroup(CHARGED, consumers("electricity", device_types=("charging_point",))),))
RATED_POWER: Final = Facts("rated_power", "kW", FactOf.DEVICES, ("charging_point",))
OF_RECORDS: Final = "records of sessions do not tell in which hour energy flowed"
_NAMED: Final = 3


class ChargingLoad(HourlyInputs):
    """Energy charged hour by hour [kWh]; ``is_metered``: by registers, not by records of sessions."""

    charged_kwh: HourValues
    is_metered: bool = True


def load_of(window: Window, port: MatchedHours) -> ChargingLoad:
    """Select the hours of the charging points that ``port`` reads."""
    table = window.given(port)
    return ChargingLoad(charged_kwh=hour_values(table, CHARGED), is_metered=CHARGED not in table.records)


def inputs(window: Window) -> ChargingLoad:
    """Select the hours of all charging points."""
    return load_of(window, LOAD)


def peak_load(inputs: ChargingLoad) -> Outcome:
    """Return the largest hour of all points together [kW]."""
    covered, why = inputs.charged_kwh.known_share, lacking(inputs.charged_kwh)
    if not inputs.is_metered:
        return Outcome(None, covered, None, OF_RECORDS)
    found = peak(inputs.charged_kwh.hours)
    return Outcome.of(
        found, covered, reason=why or (None if found.value is not None else Sentence("no hours are known").of())
    )


def lacking(hours: HourValues) -> str | None:
    """Say how many hours are not known; None where all are."""
    unknown = hours.value.unknown
    return (
        Sentence("{unknown} of {all} hours are not known").of(unknown=unknown, all=len(hours.value))
        if unknown
        else None
    )


class RatedPoint(Entry):
    """The rated power of a charging point's site while it stood there, in kW; null, with ``missing``, if not stated."""

    point: str
    seconds: float = Field(ge=1e-6, le=LONGEST)
    kw: float | None = Field(default=None, ge=0, le=LARGEST)
    missing: str | None = None


def rated_points(spans: Sequence[FactSpan]) -> tuple[RatedPoint, ...]:
    """Select the rated power of every charging point."""
    return tuple(
        RatedPoint(point=one.site, seconds=(one.end - one.start) / 1e6, kw=one.value, missing=one.missing)
        for one in spans
    )


def over_rated(found: Outcome, points: tuple[RatedPoint, ...], by: float) -> Outcome:
    """Return a figure over ``by``, what the points are rated for, in percent; none where a power is not stated."""
    unknown = [
        OF_METER.of(meter=one.point, why=one.missing or Sentence("no rated_power is given").of())
        for one in points
        if one.kw is None
    ]
    why = first_of(unknown, _NAMED, "; ") or (
        Sentence("rated_power is given for no charging point").of() if by <= 0.0 else None
    )
    if why:
        return Outcome(None, found.coverage, None, "; ".join(filter(None, [why, found.reason])))
    ends = (-float("inf") if found.lower is None else found.lower, float("inf") if found.upper is None else found.upper)
    share = Bounded(found.value, *ends).scaled(PERCENT / by)
    return Outcome.of(share, found.coverage, found.estimated_share, found.reason)


rated_indicator: Final = partial(
    Indicator,
    unit="%",
    frameworks=("SCIS mobility",),
    boundary="charging points of the subject, each at its rated power",
)
"""What figures over the rated power of charging points share."""
