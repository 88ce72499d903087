"""EV charging: energy and sessions of the city, its stations compared, and the charging points of one of them."""

from typing import Final

from deploy.grafana import panels, style
from deploy.grafana.vertical import SiteCurve, Tile, Vertical, compared

PAGE: Final = Vertical(
    name="ev_charging",
    title="EV charging",
    description="Energy charged to electric vehicles, sessions, and what the charging points of a site are doing.",
    colour=style.CHARGING,
    figures=[
        Tile(
            "Energy charged",
            "Energy that charging points delivered to vehicles.",
            "kwatth",
            "ev_charging_energy",
            width=12,
        ),
        Tile(
            "Sessions completed",
            "Sessions that ended in the period; one on an edge of the period is divided by time.",
            "none",
            "ev_charging_sessions",
            width=12,
        ),
    ],
    history=[
        panels.history("Energy charged", "kwatth", style.CHARGING, "ev_charging_energy"),
        panels.history("Sessions completed", "none", style.CHARGING, "ev_charging_sessions", legend="Sessions"),
        compared(
            "Energy charged by site", "Energy that the points of each site delivered.", "kwatth", "ev_charging_energy"
        ),
        compared("Sessions by site", "Sessions completed at each site.", "none", "ev_charging_sessions"),
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
            "Share of each bucket in which a vehicle was plugged in, for each charging point.",
            "percentunit",
            "plugged_in",
            "mean",
        ),
        SiteCurve(
            "Energy",
            "What each charging point delivered in each bucket; none where it is not whole, so far in the open one.",
            "kwatth",
            "electricity_energy",
            "amount",
        ),
        SiteCurve(
            "Sessions",
            "Sessions completed at each charging point in each bucket.",
            "none",
            "charging_sessions",
            "amount",
        ),
    ],
    has_balances=False,  # charging points stand behind the main meters of buildings
).page()
