"""Emissions of electricity consumed [kg], with a dated and sourced factor (annual method)."""

from typing import Final

from kpi_engine.emissions import CITATION, EmissionInputs, compute, of_one_carrier
from kpi_engine.energy import consumers
from kpi_engine.indicator import Better, Indicator, Months, Needs

INDICATOR: Final = Indicator(
    name="electricity_emissions",
    title="Emissions of electricity, published factor",
    unit="kg",
    definition="Emissions of electricity consumed [kg], with the published, dated and sourced factor that the city "
    "file names (annual method): what the electricity meters of consumers counted, without submeters of a meter that "
    "counts. Photovoltaic production is neither added nor credited: self-used electricity does not pass these "
    "meters. Not comparable with electricity_emissions_hourly, whose series has another source and boundary.",
    formula="m = sum over stretches of (electricity consumed in the stretch x factor valid in the stretch)",
    citation=CITATION,
    frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2, location-based"),
    needs=Needs((consumers("electricity"),), dated_factor=True),
    better=Better.LOWER,
    boundary="Electricity delivered at the topmost meters; what the factor counts upstream stands with it",
    inputs_model=EmissionInputs,
    inputs=of_one_carrier,
    compute=compute,
    months=Months.ADD_UP,
)
