"""Emissions of heat delivered [kg], with a dated and sourced factor (annual method)."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.emissions import emission_indicator, of_one_carrier
from kpi_engine.indicator import Needs

INDICATOR: Final = emission_indicator(
    name="heat_emissions",
    title="Emissions of heat delivered, published factor",
    definition="Emissions of heat delivered [kg], with the published, dated and sourced factor that the city file "
    "names (annual method). Not comparable with heat_emissions_hourly: that one takes what the plant itself reports, "
    "another source with a boundary of its own, so their difference says nothing about when heat was used.",
    formula="m = sum over stretches of (heat delivered in the stretch x factor valid in the stretch)",
    frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2"),
    needs=Needs((consumers("heat"),)),
    inputs=of_one_carrier,
    boundary="Heat at consumers' topmost meters; what the factor counts (losses of the network, direct "
    "or upstream emissions) its boundary says",
)
