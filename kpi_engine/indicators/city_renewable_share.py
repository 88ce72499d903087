"""Share of final energy that photovoltaics of the monitored boundary supply [%], matched hour by hour."""

from dataclasses import replace
from typing import Final

from ingest.model.sentences import Sentence
from kpi_engine.boundary.final_energy import consumers
from kpi_engine.evidence.amounts import MeterAmounts, amounts, bounded, coverage, reason
from kpi_engine.families.hour_inputs import not_known
from kpi_engine.families.self_supply import DEFINITION, SIDES, SelfSupplyInputs
from kpi_engine.families.self_supply import inputs as self_supply
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Better, Indicator, Months, Outcome
from kpi_engine.ports.meters import FurtherMeters
from kpi_engine.window import Window

PERCENT: Final = 100.0
HEAT: Final = FurtherMeters((consumers("heat"),))


class RenewableShareInputs(SelfSupplyInputs):
    """Hours of import, production and export, and the heat that each meter of consumers counted, all in kWh."""

    heat_kwh: MeterAmounts = ()


def inputs(window: Window) -> RenewableShareInputs:
    """Select the hours of electricity, and the heat delivered."""
    heat = amounts(window.given(HEAT), "heat_energy", window.start, window.end)
    return RenewableShareInputs(**dict(self_supply(window)), heat_kwh=heat)


def compute(inputs: RenewableShareInputs) -> Outcome:
    """Return what is used of the production over all final energy used, electricity made on site included."""
    sides = [inputs.import_kwh, inputs.production_kwh, *([inputs.export_kwh] if inputs.export_kwh.value else [])]
    shares = [*(side.known_share for side in sides), *([coverage(inputs.heat_kwh)] if inputs.heat_kwh else [])]
    covered = min(shares)
    why = "; ".join(filter(None, [not_known(*sides), reason(inputs.heat_kwh) if inputs.heat_kwh else None])) or None
    if not inputs.is_export_known and inputs.production_kwh.value:
        return Outcome(
            None, covered, None, Sentence("nobody meters what is fed into the grid, so what is used is not known").of()
        )
    load = inputs.load.total()
    used, whole = inputs.used.total(), added((load, bounded(inputs.heat_kwh))) if inputs.heat_kwh else load
    if used.value is None or whole.value is None:
        return Outcome(None, covered, None, why or Sentence("no hours are known").of())
    if whole.value <= 0.0:
        return Outcome(None, covered, None, "no energy was used, and nothing can be divided by it")
    share = ratio(used, whole, used.value / whole.value)
    found = Bounded(share.value, max(share.lower, 0.0), min(share.upper, 1.0)).with_value(share.value)
    return replace(Outcome.of(found.scaled(PERCENT), covered), reason=why)


INDICATOR: Final = Indicator(
    name="city_renewable_share",
    title="Final energy from photovoltaics of the monitored boundary",
    unit="%",
    definition="Share of the final energy used within the city's monitored boundary that its own photovoltaics supply "
    "in the hour of their production [%]. Final energy is the heat delivered to consumers and the electricity used: "
    "import plus production less what is fed into the grid. What is renewable in the heat network or in the grid is "
    "not counted, since no meter of the boundary tells it: the share of all renewables is at least this one. "
    + DEFINITION,
    formula="r = sum over hours of min(load, production) / (sum over hours of load + sum over heat meters)",
    citation="U4SSC EN: E: E: 1C renewable energy consumption, % of total (name and unit read, formula recalled), "
    "for photovoltaics alone; SCIS KPI Guide v2.0, 2.1.3 (recalled)",
    frameworks=("U4SSC EN: E: E: 1C (photovoltaics only)", "SCIS 2.1.3", "CITYkeys"),
    better=Better.HIGHER,
    boundary="Heat and electricity at the meters of the city file; photovoltaics behind them",
    interval="hour",
    inputs_model=RenewableShareInputs,
    inputs=inputs,
    compute=compute,
    of_sites=False,
    ports=(SIDES, HEAT),
    months=Months.SIDE_BY_SIDE,
)
