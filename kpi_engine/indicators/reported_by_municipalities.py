"""Figures of whole municipalities: a reported statistic over another one."""

from typing import Final

from kpi_engine.families.reported import GJ_PER_KWH, M_PER_KM, PERCENT, READ_AS_NAMES, reported_indicator
from kpi_engine.indicator import Better

INDICATORS: Final = (
    reported_indicator(
        "municipal_electricity_per_capita",
        "electricity_use_reported",
        "population",
        title="Electricity of the municipality per inhabitant",
        unit="kWh",
        definition="Electricity used in the municipality in the year, by everybody, over its inhabitants [kWh].",
        citation=f"U4SSC EN: E: E: 2C electricity consumption {READ_AS_NAMES}",
        frameworks=("U4SSC EN: E: E: 2C",),
        better=Better.LOWER,
    ),
    reported_indicator(
        "municipal_final_energy_per_capita",
        "final_energy_reported",
        "population",
        title="Final energy of the municipality per inhabitant",
        unit="GJ",
        definition="Final energy that the municipality used in the year, of all carriers and sectors, over its "
        "inhabitants [GJ].",
        citation="ISO 37120:2018, 7.1 (number of the clause recalled, definition read on the pages of a city)",
        frameworks=("ISO 37120, 7.1",),
        better=Better.LOWER,
        scale=GJ_PER_KWH,
    ),
    reported_indicator(
        "municipal_residential_heat_per_capita",
        "residential_heat_reported",
        "population",
        title="Thermal energy of households per inhabitant",
        unit="GJ",
        definition="Thermal energy used by the households of the municipality in the year over its inhabitants [GJ].",
        citation=f"U4SSC EN: E: E: 3C residential thermal energy consumption {READ_AS_NAMES}",
        frameworks=("U4SSC EN: E: E: 3C",),
        better=Better.LOWER,
        scale=GJ_PER_KWH,
    ),
    reported_indicator(
        "municipal_emissions_per_capita",
        "total_emissions_reported",
        "population",
        title="Emissions of the municipality per inhabitant",
        unit="t",
        definition="Emissions of the municipality in all, CO2 equivalents of all sectors, over its inhabitants [t].",
        citation=f"U4SSC EN: EN: AQ: 2C greenhouse gas emissions {READ_AS_NAMES}; ISO 37120:2018, 8.3 (recalled); "
        "CITYkeys (recalled)",
        frameworks=("U4SSC EN: EN: AQ: 2C", "ISO 37120, 8.3", "CITYkeys CO2 emissions"),
        better=Better.LOWER,
    ),
    reported_indicator(
        "municipal_renewable_share",
        "renewable_energy_reported",
        "final_energy_reported",
        title="Renewable share of the final energy of the municipality",
        unit="%",
        definition="The renewable part of the final energy that the municipality used in the year, of all carriers "
        "[%].",
        citation=f"U4SSC EN: E: E: 1C renewable energy consumption {READ_AS_NAMES}; ISO 37120:2018, 7.2 (recalled)",
        frameworks=("U4SSC EN: E: E: 1C", "ISO 37120, 7.2"),
        better=Better.HIGHER,
        scale=PERCENT,
    ),
    reported_indicator(
        "municipal_public_building_energy",
        "public_building_energy_reported",
        "public_building_floor_area",
        title="Energy of the municipality's public buildings per floor area",
        unit="kWh/m2",
        definition="Energy of all carriers used by public buildings in the year over their floor area [kWh/m2]. ISO "
        "37120 states the same in GJ/m2: 1 kWh is 0.0036 GJ.",
        citation=f"U4SSC EN: E: E: 4A public building energy consumption {READ_AS_NAMES}; ISO 37120:2018, 7.5 "
        "(recalled)",
        frameworks=("U4SSC EN: E: E: 4A", "ISO 37120, 7.5"),
        better=Better.LOWER,
    ),
    reported_indicator(
        "municipal_street_lighting_per_km",
        "street_lighting_energy_reported",
        "street_length",
        title="Electricity of the municipality's street lighting per length",
        unit="kWh/km",
        definition="Electricity used by public street lighting in the year over the length of streets with lights "
        "[kWh/km].",
        citation="ISO 37120:2018, 7.6 (definition read on the pages of a city)",
        frameworks=("ISO 37120, 7.6",),
        better=Better.LOWER,
        scale=M_PER_KM,
    ),
    reported_indicator(
        "managed_lighting_share",
        "managed_light_points",
        "light_points",
        title="Light points under a management system",
        unit="%",
        definition="Light points that a light-performance management system runs, of all light points of the "
        "municipality, as mean over the year [%].",
        citation="ISO 37122:2019, 7.7, share of street lighting under a light-performance management system (recalled)",
        frameworks=("ISO 37122, 7.7",),
        better=Better.HIGHER,
        scale=PERCENT,
    ),
    reported_indicator(
        "refurbished_lighting_share",
        "refurbished_light_points",
        "light_points",
        title="Light points refurbished or new",
        unit="%",
        definition="Light points that are refurbished or newly installed, of all light points of the municipality, as "
        "mean over the year [%].",
        citation="ISO 37122:2019, 7.8, share of street lighting refurbished or newly installed (recalled)",
        frameworks=("ISO 37122, 7.8",),
        better=Better.HIGHER,
        scale=PERCENT,
    ),
    reported_indicator(
        "smart_electricity_meter_share",
        "smart_electricity_meters",
        "electricity_connections",
        title="Customers with a smart electricity meter",
        unit="%",
        definition="Customers of electricity that have a smart meter, of all customers of the municipality, as mean "
        "over the year [%].",
        citation=f"U4SSC EC: ICT: ES: 1C smart electricity meters {READ_AS_NAMES}",
        frameworks=("U4SSC EC: ICT: ES: 1C",),
        better=Better.HIGHER,
        scale=PERCENT,
    ),
    reported_indicator(
        "charging_points_per_electric_vehicle",
        "charging_points",
        "registered_electric_vehicles",
        title="Public charging points per electric vehicle",
        unit="1",
        definition="Charging points open to the public over the electric vehicles registered in the municipality, as "
        "means over the year.",
        citation="ISO 37122:2019, 7.11, electric vehicle charging stations per registered electric vehicle (recalled); "
        "points are counted, not stations",
        frameworks=("ISO 37122, 7.11",),
        better=Better.HIGHER,
    ),
)
