"""Primary-energy factor of a heat network: what its heat bears of what plants burned, over heat delivered."""

from typing import Final

from kpi_engine.families.heat_networks import BOUNDARY, NETWORK
from kpi_engine.families.network_weighting import ALLOCATION, BURNED, PRIMARY, network_indicator, primary_inputs

INDICATOR: Final = network_indicator(
    name="heat_network_primary_energy_factor",
    title="Primary-energy factor of heat delivered by a network",
    unit="1",
    definition="Non-renewable primary energy of what the plants of a network burned, over the heat that arrived "
    "[kWh/kWh], of a plant's site with all it serves, or of the city. Fuels, electricity and the share that heat bears "
    "are those of heat_network_emission_factor; the factors are those of the set and version that the city file names "
    "(primary_energy), by net calorific value. Solar, ambient and surplus heat of others have none here. A fuel that "
    "the set has no factor of leaves no figure. A policy power_bonus credits what exported electricity replaces.",
    citation="EN 15316-4-5, f_DH = (sum of E_in f_in - E_el f_el) / sum of Q_del for the power bonus (recalled); the "
    "source of the factors by the set: EN ISO 52000-1, Table B.16 (recalled)",
    frameworks=("EN 15316-4-5", "EN ISO 52000-1"),
    inputs=primary_inputs,
    ports=(NETWORK, BURNED, ALLOCATION, PRIMARY),
    boundary=f"{BOUNDARY}; and on the way of fuels to the plants, as far as the set counts it",
)
