"""Emissions of the city's monitored boundary [kg]: final energy of all carriers, each with its dated factor."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.emissions import emission_indicator, of_all_carriers
from kpi_engine.indicator import Needs

INDICATOR: Final = emission_indicator(
    name="city_emissions",
    title="Emissions of the monitored boundary, published factors",
    definition="Emissions of the city's monitored boundary [kg]: the meters of city_final_energy, each carrier with "
    "its published, dated and sourced factor (annual method). A carrier that is metered and has no factor leaves no "
    "figure.",
    formula="m = sum over carriers and stretches of (final energy in the stretch x factor valid in the stretch)",
    frameworks=("SCIS 2.3.1", "U4SSC EN: EN: AQ: 2C (numerator, energy only)", "GHG Protocol Scope 2"),
    needs=Needs((consumers("heat"), consumers("electricity"))),
    boundary="Energy delivered at the meters of the city file; what the factors count upstream stands with them",
    inputs=of_all_carriers,
    of_sites=False,
)
