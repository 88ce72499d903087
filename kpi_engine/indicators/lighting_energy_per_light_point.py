"""Energy per light point [kWh]: electricity of street lighting over the light points that it lights."""

from typing import Final

from kpi_engine.families.intensity import EnergyOverPeriod, SiteFacts, energy_over, site_facts
from kpi_engine.families.lighting_energy import lighting_energy_indicator
from kpi_engine.ports.facts_of_sites import FactsOfSites

LIGHT_POINTS: Final = FactsOfSites("light_points", "1")


class LightPointInputs(EnergyOverPeriod):
    """Electricity of cabinets and of luminaires without one in kWh, light points, the period in seconds."""

    light_points: SiteFacts


INDICATOR: Final = lighting_energy_indicator(
    name="lighting_energy_per_light_point",
    title="Energy of street lighting per light point",
    unit="kWh",
    definition="Electricity of street lighting per light point [kWh]: energy of cabinets, controls and losses behind "
    "them included, and of luminaires that hang below no cabinet, over the light points that the city file states of "
    "every site with such a device. Light points that change within the period are weighted by time; a site that "
    "states none leaves no figure, and one that holds a cabinet only states 0. A luminaire beside a cabinet that is "
    "not declared a submeter leaves no figure.",
    formula="e = sum over cabinets, and luminaires without one, of energy / sum over sites of light points",
    citation="Energy per light point and year, the customary form of AECI of EN 13201-5:2015 without area (recalled); "
    "ISO 37120:2018, 7.6 divides by the length of lit streets instead",
    frameworks=("EN 13201-5", "ISO 37120 7.6 (numerator)"),
    ports=(LIGHT_POINTS,),
    boundary="lighting cabinets with all behind them, and luminaires without one; sites that state their light points",
    inputs_model=LightPointInputs,
    inputs=lambda window: LightPointInputs(
        **dict(energy_over(window, "electricity")), light_points=site_facts(window.given(LIGHT_POINTS))
    ),
    compute=lambda inputs: inputs.per(inputs.light_points, "light_points"),
)
