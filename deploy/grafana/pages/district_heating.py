"""District heating: heat and temperatures of the network, its buildings compared, and the meters of one of them."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import DynamicConfigValue as Property

from deploy.grafana import panels, style
from deploy.grafana.sources import curves, rows
from deploy.grafana.vertical import Now, SiteCurve, Tile, Total, Vertical, compared, pair

PAGE: Final = Vertical(
    name="district_heating",
    title="District heating",
    description="Heat delivered, what it emitted, and the temperatures at which it flowed.",
    colour=style.HEAT,
    now=Now(
        "Meters and plants now",
        "What heat meters and plants say, the warmest return first: it uses the network worst.",
        {
            "return_temperature": [
                *style.shown_as("celsius", "Return", 1, 110),
                *style.coloured((None, style.GOOD), (50.0, style.FAIR), (60.0, style.BAD)),
                Property("custom.cellOptions", {"type": "color-text"}),
            ],
            "supply_temperature": style.shown_as("celsius", "Supply", 1, 110),
            "heat_power": style.shown_as("kwatt", "Power", 1, 120),
        },
        [
            Total("Plants", "Heat that all live plants produce now.", "heat_plant", "heat_power"),
            Total(
                "Consumers",
                "Heat that all live heat meters take now; sub-meters are in it once.",
                "heat_meter",
                "heat_power",
            ),
        ],
    ),
    compared_in_time=(
        "heat_delivered",
        "heat_produced",
        "network_heat_loss_share",
        "heat_return_temperature",
        "heat_delta_t",
        "heat_excess_flow_share",
        "heat_peak_load",
        "heating_degree_days",
    ),
    figures=[
        Tile(
            "Heat delivered",
            "Heat delivered to consumers: the difference of their registers.",
            "heat_delivered",
            width=5,
        ),
        Tile(
            "Emissions, published factor",
            "Emissions of that heat with the published factor that the city names.",
            "heat_emissions",
            width=5,
        ),
        Tile(
            "Supply temperature",
            "Mean over all water that flowed, weighted by volume.",
            "heat_supply_temperature",
            width=4,
        ),
        Tile(
            "Return temperature",
            "Mean over all water that flowed, weighted by volume: the lower, the better the network is used.",
            "heat_return_temperature",
            width=4,
        ),
        Tile("Cooling", "Supply less return temperature, weighted by volume.", "heat_delta_t", 6),
    ],
    history=[
        panels.history("Heat delivered", style.HEAT, "heat_delivered"),
        pair(
            "Emissions by two sources of factors, not to be compared",
            "The same heat with the published factor and with the plant's own of each hour. Sources and boundaries "
            "differ, so the difference is no effect of time: the dashboard of indicators names both.",
            {"heat_emissions": "Published factor", "heat_emissions_hourly": "Plant's own factor"},
        ),
        pair(
            "Supply and return temperature",
            "Means weighted by volume, one for each period.",
            {"heat_supply_temperature": "Supply", "heat_return_temperature": "Return"},
        ),
        panels.curve(
            "Outdoor temperature",
            "Mean of the chosen buckets, weighted by time: what the demand for heat answers to.",
            "celsius",
            curves("surroundings", quantity="outdoor_temperature", factor="1"),
        ),
        panels.against_last_year("Heat delivered, this year against last", style.HEAT, "heat_delivered"),
        panels.scatter(
            "Load by outdoor temperature",
            "A point for each day that is over: its heat by its mean temperature. A day far above the others of its "
            "temperature took more heat than the weather asks for.",
            "kwatth",
            rows("heat_by_temperature"),
        ),
        compared(
            "district_heating",
            "Cooling by site",
            "Supply less return temperature of each site: the lowest one wants attention first (sort by value).",
            "heat_delta_t",
        ),
        compared("district_heating", "Heat delivered by site", "Heat that each site took.", "heat_delivered"),
    ],
    site=[
        SiteCurve("Heat power", "Mean power of each meter of the chosen site.", "kwatt", "heat_power", "mean"),
        SiteCurve(
            "Heat by day",
            "What each meter of the chosen site counted on each day; none where it is not whole.",
            "kwatth",
            "heat_energy",
            "amount",
            shape="day",
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
