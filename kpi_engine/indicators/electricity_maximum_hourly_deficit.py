"""Maximum hourly deficit of electricity [kW]: the largest hour of what was used beyond what was produced on site."""

from dataclasses import replace
from typing import Final

from ingest.model.sentences import Sentence
from kpi_engine.families.self_supply import DEFINITION, SelfSupplyInputs, hours_indicator, known_of, refused
from kpi_engine.formulas.hour_columns import peak
from kpi_engine.indicator import Better, Outcome


def compute(inputs: SelfSupplyInputs) -> Outcome:
    """Return the largest hour of load less production."""
    covered, why = known_of(inputs)
    if lacking := refused(inputs):
        return Outcome(None, covered, None, lacking)
    found = peak((inputs.load - inputs.production_kwh.filled).non_negative())
    if found.value is None:
        return Outcome(None, covered, None, why or Sentence("no hours are known").of())
    return replace(Outcome.of(found, covered), reason=why)


INDICATOR: Final = hours_indicator(
    name="electricity_maximum_hourly_deficit",
    title="Maximum hourly deficit of electricity",
    unit="kW",
    definition="The largest hour of the electricity used beyond what photovoltaics produced in the same hour, as its "
    f"mean power [kW]; 0 where they covered every hour. {DEFINITION}",
    formula="D = max over hours of max(load - production, 0) / 1 h, load = import + production - export",
    citation="CITYkeys, maximum hourly deficit (recalled)",
    frameworks=("CITYkeys maximum hourly deficit",),
    better=Better.LOWER,
    compute=compute,
)
