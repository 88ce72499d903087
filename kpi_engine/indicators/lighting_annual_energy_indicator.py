"""AECI [kWh/m2]: electricity of street lighting over the area that it is to light."""

from typing import Final

from pydantic import Field

from kpi_engine.amounts import LONGEST, MeterAmounts
from kpi_engine.energy import energy
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Outcome
from kpi_engine.intensity import SiteFacts, per, site_facts
from kpi_engine.lighting_energy import DEFINITION, needs
from kpi_engine.window import Window


class LitAreaInputs(Inputs):
    """Electricity of cabinets and of luminaires without one in kWh, lit areas in m2, the period in seconds."""

    energy_kwh: MeterAmounts
    lit_area_m2: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> LitAreaInputs:
    """Select the energy registers and the areas of the window."""
    counted = energy(window, "electricity")
    return LitAreaInputs(energy_kwh=counted, lit_area_m2=site_facts(window.facts), seconds=window.seconds)


def compute(inputs: LitAreaInputs) -> Outcome:
    """Return energy over area, sum over sum."""
    return per([inputs.energy_kwh], inputs.lit_area_m2, inputs.seconds, "lit_area")


INDICATOR: Final = Indicator(
    name="lighting_annual_energy_indicator",
    title="Energy of street lighting per lit area (AECI)",
    unit="kWh/m2",
    definition="Electricity of street lighting per area that is to be lit, in the period [kWh/m2]; that of a year is "
    "the annual energy consumption indicator D_E. It is metered: every level and every hour as they were, so no "
    "operational profile is assumed. Read it beside lighting_power_density, as the standard asks. Area is the fact "
    "lit_area of every site with such a device, weighted by time where it changes; a site that states none leaves no "
    "figure. " + DEFINITION,
    formula="D_E = sum over sites of metered energy / sum over sites of lit area; metered energy stands for "
    "sum of P_j x t_j",
    citation="EN 13201-5:2015, annual energy consumption indicator D_E = sum(P_j t_j) / A (formula read in code that "
    "implements it; the standard recalled)",
    frameworks=("EN 13201-5 (D_E)",),
    needs=needs("lit_area", "m2"),
    better=Better.LOWER,
    boundary="metered street lighting, controls and losses behind the cabinet included; the area that is to be lit, "
    "not all that light falls on",
    inputs_model=LitAreaInputs,
    inputs=inputs,
    compute=compute,
    months=Months.ADD_UP,
)
