"""Buildings: energy per floor area, emissions of electricity, buildings compared, and one of them room by room."""

from typing import Final

from deploy.grafana import panels, style
from deploy.grafana.sources import curves
from deploy.grafana.vertical import Vertical, by_site, compared

NAME: Final = "buildings"

PAGE: Final = Vertical(
    name=NAME,
    title="Buildings",
    description="Energy per floor area, emissions of electricity, photovoltaics, and the climate of rooms.",
    figures=[
        panels.figure(
            "Energy per floor area",
            "Heat and electricity delivered at the main meters over floor area.",
            "suffix: kWh/m²",
            style.BUILDING,
            "building_energy_per_area",
        ).span(8),
        panels.figure(
            "Emissions of electricity, published factor",
            "Electricity of all consumers of the city with the published factor that the city names.",
            "masskg",
            style.BUILDING,
            "electricity_emissions",
        ).span(8),
        panels.figure(
            "Emissions of electricity, the grid's hourly factor",
            "Electricity of all consumers of the city with the factor of each hour.",
            "masskg",
            style.BUILDING,
            "electricity_emissions_hourly",
        ).span(8),
    ],
    history=[
        panels.history("Energy per floor area", "suffix: kWh/m²", style.BUILDING, "building_energy_per_area"),
        panels.bars(
            "Emissions of electricity by two sources of factors, not to be compared",
            "The same electricity with the published factor and with the grid's of each hour. Sources and boundaries "
            "differ, so the difference is no effect of time: the dashboard of indicators names both.",
            "masskg",
            curves(
                "kpi_pair_history",
                kpi="electricity_emissions",
                title="Published factor",
                other_kpi="electricity_emissions_hourly",
                other_title="Grid's hourly factor",
            ),
        ),
        compared(
            "Energy per floor area by building",
            "Heat and electricity of each building over its floor area.",
            "suffix: kWh/m²",
            "building_energy_per_area",
        ),
    ],
    site=[
        panels.curve(
            "Electricity consumed",
            "What each meter counted in each bucket; a sub-meter is part of the meter above it.",
            "kwatth",
            by_site(NAME, "electricity_energy", "amount", direction="consumption"),
        ),
        panels.curve(
            "Photovoltaic production",
            "What each inverter produced in each bucket.",
            "kwatth",
            by_site(NAME, "electricity_energy", "amount", direction="production"),
        ),
        panels.curve(
            "Heat",
            "What each heat meter of the chosen building counted in each bucket.",
            "kwatth",
            by_site(NAME, "heat_energy", "amount"),
        ),
        panels.curve(
            "Room temperature",
            "Mean of each sensor, weighted by time.",
            "celsius",
            by_site(NAME, "indoor_temperature", "mean"),
        ),
        panels.curve(
            "CO2 in rooms",
            "Mean concentration at each sensor; above 1,000 ppm a room wants air.",
            "ppm",
            by_site(NAME, "co2_concentration", "mean"),
        ),
        panels.curve(
            "Humidity in rooms",
            "Mean relative humidity at each sensor.",
            "humidity",
            by_site(NAME, "relative_humidity", "mean"),
        ),
    ],
).page()
