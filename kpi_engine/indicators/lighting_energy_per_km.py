"""Energy per lit street [kWh/km]: electricity of street lighting over the length of the streets that it lights."""

from typing import Final

from kpi_engine.families.intensity import EnergyOverPeriod, SiteFacts, energy_over, site_facts
from kpi_engine.families.lighting_energy import DEFINITION, lighting_energy_indicator
from kpi_engine.ports.facts_of_sites import FactsOfSites

STREETS: Final = FactsOfSites("street_length", "km")


class StreetInputs(EnergyOverPeriod):
    """Electricity of cabinets and of luminaires without one in kWh, lit streets in km, the period in seconds."""

    street_length_km: SiteFacts


INDICATOR: Final = lighting_energy_indicator(
    name="lighting_energy_per_km",
    title="Energy of street lighting per lit kilometre",
    unit="kWh/km",
    definition="Electricity of street lighting per kilometre of lit street in the period [kWh/km]; that of a year is "
    "the indicator of ISO 37120. Length is the fact street_length of every site with such a device, weighted by time "
    "where it changes; a site that states none leaves no figure. " + DEFINITION,
    formula="e = sum over cabinets, and luminaires without one, of energy / sum over sites of the length of lit street",
    citation="ISO 37120:2018, 7.6: electricity consumption of public street lighting per kilometre of lighted street, "
    "kWh/(km a) (definition read where a city publishes it, the standard recalled)",
    frameworks=("ISO 37120 7.6",),
    ports=(STREETS,),
    boundary="metered street lighting of the city file; streets whose lighting is not metered are in neither sum",
    inputs_model=StreetInputs,
    inputs=lambda window: StreetInputs(
        **dict(energy_over(window, "electricity")), street_length_km=site_facts(window.given(STREETS))
    ),
    compute=lambda inputs: inputs.per(inputs.street_length_km, "street_length"),
)
