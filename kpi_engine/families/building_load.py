"""The electric load of buildings by the hour [kW]: what all their main meters counted in it, taken together."""

from dataclasses import replace
from functools import partial
from typing import Final

from ingest.model.sentences import Sentence
from kpi_engine.families.building_intensity import BUILDINGS
from kpi_engine.families.hour_inputs import HourlyInputs, HourValues, hour_values, not_known
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.hour_columns import BoundedHours
from kpi_engine.indicator import Indicator, Outcome, Selection
from kpi_engine.ports.hours import MatchedHours, MeterGroup
from kpi_engine.window import Window

LOAD: Final = MatchedHours(
    (MeterGroup("load", Selection(("electricity_energy",), "electricity", verticals=BUILDINGS)),)
)
CITATION: Final = (
    "Load profile of a building: mean, peak and base load (low percentile), common practice, as in the load profile "
    "tests of camber (recalled)"
)
BOUNDARY: Final = "Electricity at the main meters of buildings; what photovoltaics cover does not pass them"


class BuildingLoadInputs(HourlyInputs):
    """What the main meters counted in each hour, in kWh: the mean load of the hour in kW."""

    load_kwh: HourValues

    @property
    def load(self) -> BoundedHours:
        """The hours with what stands for those that are not known."""
        return self.load_kwh.filled

    @property
    def known_share(self) -> float:
        """The share of hours that are known."""
        return self.load_kwh.known_share

    @property
    def lacking(self) -> str | None:
        """What is not known, in words."""
        return not_known(self.load_kwh)


def inputs(window: Window) -> BuildingLoadInputs:
    """Select the hours of the main meters."""
    return BuildingLoadInputs(load_kwh=hour_values(window.given(LOAD), "load"))


def of_hours(found: Bounded, inputs: BuildingLoadInputs) -> Outcome:
    """Return the outcome of what was found in the hours; none where no hour is known."""
    if found.value is None:
        return nothing_known(inputs)
    return replace(Outcome.of(found, inputs.known_share), reason=inputs.lacking)


def nothing_known(inputs: BuildingLoadInputs) -> Outcome:
    """Return the outcome of a period of which no hour is known."""
    return Outcome(None, inputs.known_share, None, inputs.lacking or Sentence("no hours are known").of())


load_indicator: Final = partial(
    Indicator,
    citation=CITATION,
    boundary=BOUNDARY,
    interval="hour",
    inputs_model=BuildingLoadInputs,
    inputs=inputs,
    ports=(LOAD,),
)
"""What indicators of the hourly load share."""
