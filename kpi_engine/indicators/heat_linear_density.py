"""Linear heat density [kWh/m]: heat delivered over the trench length of the network, in the period."""

from typing import Final

from pydantic import Field

from kpi_engine.boundary.balancing import DELIVERED
from kpi_engine.boundary.final_energy import consumers
from kpi_engine.evidence.amounts import LONGEST, MeterAmounts
from kpi_engine.families.heat_networks import BOUNDARY, of_side
from kpi_engine.families.heat_plants import PLANTS
from kpi_engine.families.intensity import SiteFacts, per, site_facts
from kpi_engine.indicator import Balance, Better, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.balance import Balanced
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.window import Window

MEASURED: Final = Balanced(Balance.NETWORK, consumers("heat"), sides=(DELIVERED,))
TRENCHES: Final = Facts("trench_length", "m", FactOf.NETWORK, selection=PLANTS)


class LinearDensityInputs(Inputs):
    """Heat counted by each topmost meter of the network in kWh, trench lengths in m, the period in seconds."""

    delivered_kwh: MeterAmounts
    trench_length_m: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> LinearDensityInputs:
    """Select the meters that plants reach, and the trench lengths of the sites between them."""
    return LinearDensityInputs(
        delivered_kwh=of_side(window, DELIVERED),
        trench_length_m=site_facts(window.given(TRENCHES)),
        seconds=window.seconds,
    )


def compute(inputs: LinearDensityInputs) -> Outcome:
    """Return heat over trench length, sum over sum."""
    return per([inputs.delivered_kwh], inputs.trench_length_m, inputs.seconds, "trench_length")


INDICATOR: Final = Indicator(
    name="heat_linear_density",
    title="Linear heat density, in the period",
    unit="kWh/m",
    definition="Heat delivered by a network per metre of its trench [kWh/m] in the period, of a plant's site with all "
    "it serves, or of the city. Trench length is the fact trench_length of the sites that the plants reach, twin pipes "
    "once, weighted by time where it changes. A month is a month: nothing is made a year of. Of a whole year, 1,500 "
    "kWh/m and more are called very good, from 1,000 good, from 500 sufficient, less critical.",
    formula="q = sum over topmost meters served of heat / sum over sites of trench length",
    citation="Linear heat density Q_delivered / trench length; classes of a whole year from vicus-software.com (read), "
    "nPro has 750 and 1,500 kWh/m (read)",
    frameworks=("EN 15316-4-5",),
    inputs_model=LinearDensityInputs,
    inputs=inputs,
    compute=compute,
    ports=(MEASURED, TRENCHES),
    better=Better.HIGHER,
    boundary=BOUNDARY,
    months=Months.ADD_UP,
)
