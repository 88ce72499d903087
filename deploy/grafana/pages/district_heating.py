"""District heating: heat and temperatures of the network, its buildings compared, and the meters of one of them."""

from typing import Final

from deploy.grafana import panels, style
from deploy.grafana.sources import curves
from deploy.grafana.vertical import Vertical, by_site, compared

NAME: Final = "district_heating"

PAGE: Final = Vertical(
    name=NAME,
    title="District heating",
    description="Heat delivered, what it emitted, and the temperatures at which it flowed.",
    figures=[
        panels.figure(
            "Heat delivered",
            "Heat delivered to consumers: the difference of their registers.",
            "kwatth",
            style.HEAT,
            "heat_delivered",
        ).span(5),
        panels.figure(
            "Emissions, published factor",
            "Emissions of that heat with the published factor that the city names.",
            "masskg",
            style.HEAT,
            "heat_emissions",
        ).span(5),
        panels.figure(
            "Supply temperature",
            "Mean over all water that flowed, weighted by volume.",
            "celsius",
            style.HEAT,
            "heat_supply_temperature",
        ).span(4),
        panels.figure(
            "Return temperature",
            "Mean over all water that flowed, weighted by volume: the lower, the better the network is used.",
            "celsius",
            style.HEAT,
            "heat_return_temperature",
        ).span(4),
        panels.figure(
            "Cooling",
            "Supply less return temperature, weighted by volume.",
            "suffix: K",
            style.HEAT,
            "heat_delta_t",
        ).span(6),
    ],
    history=[
        panels.history("Heat delivered", "kwatth", style.HEAT, "heat_delivered"),
        panels.bars(
            "Emissions by two sources of factors, not to be compared",
            "The same heat with the published factor and with the plant's own of each hour. Sources and boundaries "
            "differ, so the difference is no effect of time: the dashboard of indicators names both.",
            "masskg",
            curves(
                "kpi_pair_history",
                kpi="heat_emissions",
                title="Published factor",
                other_kpi="heat_emissions_hourly",
                other_title="Plant's own factor",
            ),
        ),
        panels.bars(
            "Supply and return temperature",
            "Means weighted by volume, one for each period.",
            "celsius",
            curves(
                "kpi_pair_history",
                kpi="heat_supply_temperature",
                title="Supply",
                other_kpi="heat_return_temperature",
                other_title="Return",
            ),
        ),
        panels.curve(
            "Outdoor temperature",
            "Mean of the chosen buckets, weighted by time: what the demand for heat answers to.",
            "celsius",
            curves("surroundings", quantity="outdoor_temperature"),
        ),
        compared("Heat delivered by site", "Heat that each site took.", "kwatth", "heat_delivered"),
    ],
    site=[
        panels.curve(
            "Heat power",
            "Mean power of each meter of the chosen site.",
            "kwatt",
            by_site(NAME, "heat_power", "mean"),
        ),
        panels.curve(
            "Heat",
            "What each meter of the chosen site counted in each bucket; none where it is not whole, so far in the open "
            "one.",
            "kwatth",
            by_site(NAME, "heat_energy", "amount"),
        ),
        panels.curve(
            "Supply temperature",
            "Mean of each meter of the chosen site, weighted by time.",
            "celsius",
            by_site(NAME, "supply_temperature", "mean"),
        ),
        panels.curve(
            "Return temperature",
            "Mean of each meter of the chosen site, weighted by time.",
            "celsius",
            by_site(NAME, "return_temperature", "mean"),
        ),
    ],
).page()
