"""Buildings: energy per floor area, emissions of electricity, buildings compared, and one of them room by room."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import DynamicConfigValue as Property

from deploy.grafana import panels, style
from deploy.grafana.vertical import Now, SiteCurve, Tile, Total, Vertical, compared, pair

PAGE: Final = Vertical(
    name="buildings",
    title="Buildings",
    description="Energy per floor area, emissions of electricity, photovoltaics, and the climate of rooms.",
    colour=style.BUILDING,
    now=Now(
        "Rooms now",
        "What sensors of rooms say, the stalest air first.",
        {
            "co2_concentration": [
                *style.shown_as("ppm", "CO2", 0, 110),
                *style.coloured((None, style.GOOD), (1000.0, style.FAIR), (1400.0, style.BAD)),
                Property("custom.cellOptions", {"type": "color-text"}),
            ],
            "indoor_temperature": style.shown_as("celsius", "Temperature", 1, 120),
            "relative_humidity": style.shown_as("percent", "Humidity", 0, 110),
        },
        [
            Total(
                "Electricity", "Power of all live meters of buildings; sub-meters are in it once.", "electricity_meter"
            ),
            Total("Photovoltaics", "Power of all live inverters.", "photovoltaic_inverter"),
        ],
    ),
    compared_in_time=(
        "building_energy_per_area",
        "building_heat_weather_normalised",
        "building_peak_load",
        "building_base_load",
        "pv_self_consumption",
        "pv_self_sufficiency",
        "building_overheating_degree_hours",
    ),
    figures=[
        Tile(
            "Energy per floor area",
            "Heat and electricity delivered at the main meters over floor area.",
            "building_energy_per_area",
            width=8,
        ),
        Tile(
            "Emissions of electricity, published factor",
            "Electricity of all consumers of the city with the published factor that the city names.",
            "electricity_emissions",
            width=8,
        ),
        Tile(
            "Emissions of electricity, the grid's hourly factor",
            "Electricity of all consumers of the city with the factor of each hour.",
            "electricity_emissions_hourly",
            width=8,
        ),
    ],
    history=[
        panels.history("Energy per floor area", style.BUILDING, "building_energy_per_area"),
        pair(
            "Emissions of electricity by two sources of factors, not to be compared",
            "The same electricity with the published factor and with the grid's of each hour. Sources and boundaries "
            "differ, so the difference is no effect of time: the dashboard of indicators names both.",
            {"electricity_emissions": "Published factor", "electricity_emissions_hourly": "Grid's hourly factor"},
        ),
        panels.against_last_year(
            "Energy per floor area, this year against last",
            style.BUILDING,
            "building_energy_per_area",
        ).span(24),
        compared(
            "buildings",
            "Energy per floor area by building",
            "Heat and electricity of each building over its floor area.",
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
            "What each heat meter of the chosen building counted on each day.",
            "kwatth",
            "heat_energy",
            "amount",
            shape="day",
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
            limit=1000.0,
        ),
        SiteCurve(
            "Humidity in rooms", "Mean relative humidity at each sensor.", "percent", "relative_humidity", "mean"
        ),
    ],
).page()
