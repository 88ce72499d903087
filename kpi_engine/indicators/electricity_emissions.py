"""Emissions of electricity consumed [kg], with a dated and sourced factor (annual method)."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.emissions import emission_indicator, of_one_carrier
from kpi_engine.indicator import Needs

INDICATOR: Final = emission_indicator(
    name="electricity_emissions",
    title="Emissions of electricity, published factor",
    definition="Emissions of electricity consumed [kg], with the published, dated and sourced factor that the city "
    "file names (annual method): what the electricity meters of consumers counted, without submeters of a "
    "meter that counts. Photovoltaic production is neither added nor credited: self-used electricity "
    "does not pass these meters. Not comparable with electricity_emissions_hourly, whose series has "
    "another source and boundary.",
    formula="m = sum over stretches of (electricity consumed in the stretch x factor valid in the stretch)",
    frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2, location-based"),
    needs=Needs((consumers("electricity"),)),
    boundary="Electricity delivered at the topmost meters; what the factor counts upstream stands with it",
    inputs=of_one_carrier,
)
