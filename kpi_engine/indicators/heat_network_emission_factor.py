"""Emission factor of a heat network [kg/kWh]: what its heat bears of what plants burned, over heat delivered."""

from typing import Final

from kpi_engine.families.heat_networks import BOUNDARY, NETWORK
from kpi_engine.families.network_weighting import ALLOCATION, FUELS, inputs, network_indicator

INDICATOR: Final = network_indicator(
    name="heat_network_emission_factor",
    title="Emission factor of heat delivered by a network",
    unit="kg/kWh",
    definition="Emissions of what the plants of a network burned, over the heat that arrived [kg/kWh], of a plant's "
    "site with all it serves, or of the city. What they burned are the imported statistics plant_gas, plant_oil, "
    "plant_coal, plant_peat, plant_wood, plant_biogas, plant_waste and plant_electricity of each plant's site, "
    "each with the dated factor that the city file names for gas, oil, coal, peat, wood, biogas, waste and "
    "electricity. Where chp_electricity is given for a site, its heat bears a share of its fuels by the policy "
    "that the city chooses (policies: chp_allocation; by energy where it says nothing). A site is one plant: "
    "boilers beside cogeneration are allocated with it. Solar, ambient and surplus heat of others emit nothing "
    "here. A fuel that was never given for a site is none of its; a plant without any leaves no figure.",
    citation="EN 15316-4-5, weighting factor of district heating as what goes in over what is delivered (recalled); "
    "allocation by the source of the policy: pharos kpi allocate-chp",
    frameworks=("EN 15316-4-5", "GHG Protocol Scope 2"),
    inputs=inputs,
    ports=(NETWORK, FUELS, ALLOCATION),
    boundary=f"{BOUNDARY}; what the factors count, direct emissions or more, their boundary says",
)
