"""EV charging: energy and sessions of the city, its stations compared, and the charging points of one of them."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import DynamicConfigValue as Property

from deploy.grafana import panels, style, words
from deploy.grafana.vertical import Now, SiteCurve, Tile, Total, Vertical, compared

CONNECTOR_COLOURS: Final = {
    "Available": style.GOOD,
    "Charging": style.CHARGING,
    "Faulted": style.BAD,
    "Unavailable": style.POOR,
}

PAGE: Final = Vertical(
    name="ev_charging",
    title="EV charging",
    description="Energy charged to electric vehicles, sessions, and what the charging points of a site are doing.",
    colour=style.CHARGING,
    now=Now(
        "Points now",
        "What each charging point is doing; what is faulted comes first.",
        {
            "connector_status": [
                *style.named("Connector", 140),
                Property("mappings", [style.numbered(words.CONNECTOR, CONNECTOR_COLOURS)]),
                Property("custom.cellOptions", {"type": "color-text"}),
            ],
            "plugged_in": [
                *style.named("Vehicle", 110),
                Property("mappings", [style.numbered(("none", "plugged in"), {})]),
            ],
            "electricity_power": style.shown_as("kwatt", "Power", 1, 110),
        },
        [
            Total("Charging", "Power of all live charging points.", "charging_point"),
            Total(
                "Vehicles",
                "Vehicles that are plugged in at live charging points.",
                "charging_point",
                "plugged_in",
                "locale",
            ),
        ],
    ),
    compared_in_time=(
        "ev_charging_energy",
        "ev_charging_sessions",
        "ev_energy_per_session",
        "ev_time_utilisation",
        "ev_availability",
        "ev_failed_session_rate",
        "ev_idle_share",
    ),
    figures=[
        Tile(
            "Energy charged",
            "Energy that charging points delivered to vehicles.",
            "ev_charging_energy",
            width=12,
        ),
        Tile(
            "Sessions completed",
            "Sessions that ended in the period; one on an edge of the period is divided by time.",
            "ev_charging_sessions",
            width=12,
        ),
    ],
    history=[
        panels.history("Energy charged", style.CHARGING, "ev_charging_energy"),
        panels.history("Sessions completed", style.CHARGING, "ev_charging_sessions"),
        panels.against_last_year("Energy charged, this year against last", style.CHARGING, "ev_charging_energy").span(
            24
        ),
        compared(
            "ev_charging",
            "Energy charged by site",
            "Energy that the points of each site delivered.",
            "ev_charging_energy",
        ),
        compared("ev_charging", "Sessions by site", "Sessions completed at each site.", "ev_charging_sessions"),
    ],
    site=[
        SiteCurve(
            "Charging power",
            "Mean power of each charging point of the chosen site.",
            "kwatt",
            "electricity_power",
            "mean",
        ),
        SiteCurve(
            "Plugged in",
            "Share of each bucket in which a vehicle was plugged in: mean, least and most used point.",
            "percentunit",
            "plugged_in",
            "mean",
            shape="spread",
        ),
        SiteCurve(
            "Energy by day",
            "What each charging point delivered on each day; none where it is not whole.",
            "kwatth",
            "electricity_energy",
            "amount",
            shape="day",
        ),
        SiteCurve(
            "Sessions by day",
            "Sessions completed at each charging point on each day.",
            "locale",
            "charging_sessions",
            "amount",
            shape="day",
        ),
    ],
    has_balances=False,  # charging points stand behind the main meters of buildings
).page()
