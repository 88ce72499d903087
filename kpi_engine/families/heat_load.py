"""Heat load by the civil hour [kW]: mean power of each hour, its peak, and how evenly it runs."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Final

import numpy as np
from pydantic import Field

from ingest.model.sentences import Sentence
from ingest.model.time import HOUR
from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.hour_inputs import HourlyInputs, HourValues, hour_values, not_known
from kpi_engine.formulas.bounded import Bounded, ratio
from kpi_engine.formulas.hour_columns import BoundedHours, peak
from kpi_engine.indicator import Better, Indicator, Outcome
from kpi_engine.ports.hours import MatchedHours, MeterGroup
from kpi_engine.window import Window

PERCENT: Final = 100.0
LOAD: Final = MatchedHours((MeterGroup("load", consumers("heat")),))
NO_HOURS: Final = Sentence("no hours are known").of()
DEFINITION: Final = (
    "The power of an hour is what heat registers counted in it over its length; a minute's peak is higher. All meters "
    "are added up hour by hour before the largest one is taken."
)


class HeatLoadInputs(HourlyInputs):
    """Heat by civil hour in kWh; ``length_h``: how long each hour was, where not every one was an hour long."""

    heat_kwh: HourValues
    length_h: tuple[Annotated[float, Field(gt=0, le=24)], ...] = ()

    @property
    def lengths(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """How long each hour was."""
        return np.array(self.length_h) if self.length_h else np.ones(len(self.heat_kwh.value))


def hours_of(port: MatchedHours) -> Callable[[Window], HeatLoadInputs]:
    """Return what selects the hours of the only group of meters of ``port``."""
    (group,) = port.groups

    def inputs(window: Window) -> HeatLoadInputs:
        table = window.given(port)
        lengths = np.diff(table.edges) / HOUR
        length_h = () if (lengths == 1.0).all() else tuple(lengths.tolist())
        return HeatLoadInputs(heat_kwh=hour_values(table, group.name), length_h=length_h)

    return inputs


def peak_load(inputs: HeatLoadInputs) -> Outcome:
    """Return the largest hour [kW]; an hour that is not known may have been larger than those that are."""
    hours, lengths = inputs.heat_kwh.hours, inputs.lengths
    found = peak(BoundedHours(hours.value / lengths, hours.lower / lengths, hours.upper / lengths))
    covered = inputs.heat_kwh.known_share
    if found.value is None:
        return Outcome(None, covered, None, NO_HOURS)
    return Outcome.of(found, covered, reason=_lacking(inputs))


def load_factor(inputs: HeatLoadInputs) -> Outcome:
    """Return the mean power over the largest hour [%]; None where no heat flowed."""
    hours, lengths, covered = inputs.heat_kwh.filled, inputs.lengths, inputs.heat_kwh.known_share
    whole = hours.total()
    largest = peak(BoundedHours(hours.value / lengths, hours.lower / lengths, hours.upper / lengths))
    if whole.value is None or largest.value is None:
        return Outcome(None, covered, None, NO_HOURS)
    if largest.value <= 0.0:
        return Outcome(None, covered, None, Sentence("no heat flowed, so no load is a share of its peak").of())
    mean = whole.scaled(1.0 / float(lengths.sum()))
    share = ratio(mean, largest, whole.value / (largest.value * float(lengths.sum())))
    within = Bounded(share.value, max(share.lower, 0.0), min(share.upper, 1.0)).with_value(share.value)
    return replace(Outcome.of(within.scaled(PERCENT), covered), reason=not_known(inputs.heat_kwh))


def _lacking(inputs: HeatLoadInputs) -> str | None:
    unknown = inputs.heat_kwh.value.unknown
    return (
        Sentence("{unknown} of {all} hours are not known").of(unknown=unknown, all=len(inputs.heat_kwh.value))
        if unknown
        else None
    )


heat_load_indicator: Final = partial(
    Indicator,
    inputs_model=HeatLoadInputs,
    interval="hour",
)
"""What indicators of the hourly heat load share."""

peak_indicator: Final = partial(
    heat_load_indicator,
    unit="kW",
    citation="SCIS KPI Guide v2.0, peak load reduction P_peak (recalled)",
    frameworks=("SCIS peak load",),
    compute=peak_load,
    better=Better.LOWER,
)
"""What peaks of heat share."""
