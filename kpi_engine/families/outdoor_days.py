"""Mean outdoor temperatures of civil days [degC], from the hours that weather stations showed.

Short silences are interpolated (gauge_hours); longer ones take the mean of the same hours of other days. A day that has
not ended is left out.
"""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ingest.model.calendar import Period, covering
from ingest.model.sentences import Sentence
from kpi_engine.evidence.hour_numbers import Number
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.gauge_hours import bounded_gauge
from kpi_engine.indicator import Indicator, Inputs, Outcome, Selection, StatusLimits
from kpi_engine.ports.hours import HourTable, MatchedHours, MeterGroup
from kpi_engine.window import Window

Floats = npt.NDArray[np.float64]

TEMPERATURE: Final = "outdoor_temperature"
OUTDOORS: Final = MatchedHours(
    (MeterGroup("outdoors", Selection((TEMPERATURE,), device_types=("weather_station",), only_reporting=True)),)
)
LIMITS: Final = StatusLimits(
    floor=30.0, reason="a summer month has few degree days, and 1 K on one day matters to nobody"
)
DEFINITION: Final = (
    "Tm is the mean over the hours of the civil day, not that of its extremes, over all weather stations of the city. "
    "Days that have not ended do not count; hours that are not known are filled, widen the bounds and are told. Not "
    "comparable with degree days by another rule."
)
_DAYS: Final = "days of outdoors"  # beside inputs that are named after groups
BOUNDARY: Final = "Outdoor air at the weather stations of the city"
INCOMPLETE: Final = Sentence(
    "of {count} of {all} days the outdoor temperature is not known for every hour: up to 6 hours are interpolated, "
    "longer silences take the same hours of other days"
)


class OutdoorDays(Inputs):
    """Mean temperatures of civil days in degC, null where nothing is known, and between what they lie where not exact.

    ``known_share``: the share of all hours that are known; ``incomplete_days``: days of which some hours are not.
    """

    mean_degc: tuple[Number | None, ...]
    lower_degc: tuple[Number, ...] = ()
    upper_degc: tuple[Number, ...] = ()
    known_share: float = Field(default=1.0, ge=0, le=1)
    incomplete_days: int = Field(default=0, ge=0)

    @cached_property
    def columns(self) -> tuple[Floats, Floats, Floats]:
        """Mean, lower and upper bound of every day."""
        mean = np.array([np.nan if one is None else one for one in self.mean_degc], np.float64)
        lower = np.array(self.lower_degc, np.float64) if self.lower_degc else np.nan_to_num(mean, nan=-np.inf)
        upper = np.array(self.upper_degc, np.float64) if self.upper_degc else np.nan_to_num(mean, nan=np.inf)
        return mean, lower, upper

    @property
    def lacking(self) -> str | None:
        """What is not known, in words; None where all is."""
        if not self.mean_degc:
            return Sentence("no day has ended of which the outdoor temperature is known").of()
        if not self.incomplete_days:
            return None
        return INCOMPLETE.of(count=self.incomplete_days, all=len(self.mean_degc))


def outdoor_days(window: Window) -> OutdoorDays:
    """Select the days of a window that have ended, made once however many figures read them."""
    table: HourTable = window.given(OUTDOORS)
    found: OutdoorDays | None = table.inputs.get(_DAYS)
    if found is None:
        found = table.inputs[_DAYS] = OutdoorDays(**daily(table))
    return found


def daily(table: HourTable) -> dict[str, Any]:
    """Return what is known of every whole civil day of a table of hours, as OutdoorDays holds it."""
    if "outdoors" not in table.columns:
        return {"mean_degc": (), "known_share": 0.0}
    days = covering(int(table.edges[0]), int(table.edges[-1]), Period.DAY, table.zone)
    begins = np.flatnonzero(np.isin(table.edges, days))
    edges, begins = table.edges[: begins[-1] + 1], begins[:-1]  # up to the end of the last whole day
    if not len(begins):
        return {"mean_degc": (), "known_share": 0.0}
    raw = table.columns["outdoors"].value[: len(edges) - 1]
    hours, seconds = bounded_gauge(raw, TEMPERATURE).filled(), np.diff(edges) / 1e6
    whole = np.add.reduceat(seconds, begins)
    mean, lower, upper = (
        np.add.reduceat(column * seconds, begins) / whole for column in (hours.value, hours.lower, hours.upper)
    )
    known = ~np.isnan(raw)
    is_exact = bool(known.all())
    return {
        "mean_degc": tuple(None if np.isnan(one) else one for one in mean.tolist()),
        "lower_degc": () if is_exact else tuple(lower.tolist()),
        "upper_degc": () if is_exact else tuple(upper.tolist()),
        "known_share": float(known.mean()),
        "incomplete_days": int(np.sum(np.add.reduceat((~known).astype(np.int64), begins) > 0)),
    }


def sum_over_days(of: Callable[[Floats, Floats, Floats], Bounded]) -> Callable[[OutdoorDays], Outcome]:
    """Return what computes degree days; ``of`` makes them of the mean, lower and upper bound of every day."""

    def compute(days: OutdoorDays) -> Outcome:
        if not days.mean_degc:
            return Outcome(None, 0.0, None, days.lacking)
        return Outcome.of(of(*days.columns), days.known_share, reason=days.lacking)

    return compute


degree_day_indicator: Final = partial(
    Indicator,
    unit="K.d",
    boundary=BOUNDARY,
    interval="day",
    inputs_model=OutdoorDays,
    inputs=outdoor_days,
    of_sites=False,
    limits=LIMITS,
    ports=(OUTDOORS,),
)
"""What indicators of degree days share."""
