"""AECI [kWh/m2]: electricity of street lighting over the area that it is to light."""

from typing import Final

from kpi_engine.families.intensity import EnergyOverPeriod, SiteFacts, energy_over, site_facts
from kpi_engine.families.lighting_energy import DEFINITION, lighting_energy_indicator
from kpi_engine.ports.facts_of_sites import FactsOfSites

LIT_AREA: Final = FactsOfSites("lit_area", "m2")


class LitAreaInputs(EnergyOverPeriod):
    """Electricity of cabinets and of luminaires without one in kWh, lit areas in m2, the period in seconds."""

    lit_area_m2: SiteFacts


INDICATOR: Final = lighting_energy_indicator(
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
    ports=(LIT_AREA,),
    boundary="metered street lighting, controls and losses behind the cabinet included; the area that is to be lit, "
    "not all that light falls on",
    inputs_model=LitAreaInputs,
    inputs=lambda window: LitAreaInputs(
        **dict(energy_over(window, "electricity")), lit_area_m2=site_facts(window.given(LIT_AREA))
    ),
    compute=lambda inputs: inputs.per(inputs.lit_area_m2, "lit_area"),
)
