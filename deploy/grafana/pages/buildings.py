"""Buildings: energy per floor area, emissions of electricity, buildings compared, and one of them room by room."""

from typing import Final

from deploy.grafana import panels, style
from deploy.grafana.vertical import SiteCurve, Tile, Vertical, compared, pair

PAGE: Final = Vertical(
    name="buildings",
    title="Buildings",
    description="Energy per floor area, emissions of electricity, photovoltaics, and the climate of rooms.",
    colour=style.BUILDING,
    figures=[
        Tile(
            "Energy per floor area",
            "Heat and electricity delivered at the main meters over floor area.",
            "suffix: kWh/m²",
            "building_energy_per_area",
            width=8,
        ),
        Tile(
            "Emissions of electricity, published factor",
            "Electricity of all consumers of the city with the published factor that the city names.",
            "masskg",
            "electricity_emissions",
            width=8,
        ),
        Tile(
            "Emissions of electricity, the grid's hourly factor",
            "Electricity of all consumers of the city with the factor of each hour.",
            "masskg",
            "electricity_emissions_hourly",
            width=8,
        ),
    ],
    history=[
        panels.history("Energy per floor area", "suffix: kWh/m²", style.BUILDING, "building_energy_per_area"),
        pair(
            "Emissions of electricity by two sources of factors, not to be compared",
            "The same electricity with the published factor and with the grid's of each hour. Sources and boundaries "
            "differ, so the difference is no effect of time: the dashboard of indicators names both.",
            "masskg",
            {"electricity_emissions": "Published factor", "electricity_emissions_hourly": "Grid's hourly factor"},
        ),
        compared(
            "Energy per floor area by building",
            "Heat and electricity of each building over its floor area.",
            "suffix: kWh/m²",
            "building_energy_per_area",
        ),
    ],
    site=[
        SiteCurve(
            "Electricity consumed",
            "What each meter counted in each bucket; a sub-meter is part of the meter above it.",
            "kwatth",
            "electricity_energy",
            "amount",
            "consumption",
        ),
        SiteCurve(
            "Photovoltaic production",
            "What each inverter produced in each bucket.",
            "kwatth",
            "electricity_energy",
            "amount",
            "production",
        ),
        SiteCurve(
            "Heat",
            "What each heat meter of the chosen building counted in each bucket.",
            "kwatth",
            "heat_energy",
            "amount",
        ),
        SiteCurve(
            "Room temperature", "Mean of each sensor, weighted by time.", "celsius", "indoor_temperature", "mean"
        ),
        SiteCurve(
            "CO2 in rooms",
            "Mean concentration at each sensor; above 1,000 ppm a room wants air.",
            "ppm",
            "co2_concentration",
            "mean",
        ),
        SiteCurve(
            "Humidity in rooms", "Mean relative humidity at each sensor.", "humidity", "relative_humidity", "mean"
        ),
    ],
).page()
