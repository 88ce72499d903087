"""District heating: heat and temperatures of the network, its buildings compared, and the meters of one of them."""

from typing import Final

from deploy.grafana import panels, style
from deploy.grafana.sources import curves
from deploy.grafana.vertical import SiteCurve, Tile, Vertical, compared, pair

PAGE: Final = Vertical(
    name="district_heating",
    title="District heating",
    description="Heat delivered, what it emitted, and the temperatures at which it flowed.",
    colour=style.HEAT,
    figures=[
        Tile(
            "Heat delivered",
            "Heat delivered to consumers: the difference of their registers.",
            "kwatth",
            "heat_delivered",
            width=5,
        ),
        Tile(
            "Emissions, published factor",
            "Emissions of that heat with the published factor that the city names.",
            "masskg",
            "heat_emissions",
            width=5,
        ),
        Tile(
            "Supply temperature",
            "Mean over all water that flowed, weighted by volume.",
            "celsius",
            "heat_supply_temperature",
            width=4,
        ),
        Tile(
            "Return temperature",
            "Mean over all water that flowed, weighted by volume: the lower, the better the network is used.",
            "celsius",
            "heat_return_temperature",
            width=4,
        ),
        Tile("Cooling", "Supply less return temperature, weighted by volume.", "suffix: K", "heat_delta_t", 6),
    ],
    history=[
        panels.history("Heat delivered", "kwatth", style.HEAT, "heat_delivered"),
        pair(
            "Emissions by two sources of factors, not to be compared",
            "The same heat with the published factor and with the plant's own of each hour. Sources and boundaries "
            "differ, so the difference is no effect of time: the dashboard of indicators names both.",
            "masskg",
            {"heat_emissions": "Published factor", "heat_emissions_hourly": "Plant's own factor"},
        ),
        pair(
            "Supply and return temperature",
            "Means weighted by volume, one for each period.",
            "celsius",
            {"heat_supply_temperature": "Supply", "heat_return_temperature": "Return"},
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
        SiteCurve("Heat power", "Mean power of each meter of the chosen site.", "kwatt", "heat_power", "mean"),
        SiteCurve(
            "Heat",
            "What each meter of the chosen site counted in each bucket; none where it is not whole, so far in the open "
            "one.",
            "kwatth",
            "heat_energy",
            "amount",
        ),
        SiteCurve(
            "Supply temperature",
            "Mean of each meter of the chosen site, weighted by time.",
            "celsius",
            "supply_temperature",
            "mean",
        ),
        SiteCurve(
            "Return temperature",
            "Mean of each meter of the chosen site, weighted by time.",
            "celsius",
            "return_temperature",
            "mean",
        ),
    ],
).page()
