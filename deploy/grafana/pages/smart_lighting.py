"""Smart lighting: energy per light point and burning hours, streets compared, and the luminaires of one of them."""

from typing import Final

from deploy.grafana import panels, style
from deploy.grafana.vertical import Now, SiteCurve, Tile, Total, Vertical, compared

PAGE: Final = Vertical(
    name="smart_lighting",
    title="Smart lighting",
    description="What a light point uses and how long it burns; cabinets and luminaires of a street.",
    colour=style.LIGHT,
    now=Now(
        "Lamps and cabinets now",
        "What luminaires and cabinets say, the brightest first. Dark at night or alight by day are alarms.",
        {
            "dimming_level": style.shown_as("percent", "Level", 0, 110),
            "electricity_power": style.shown_as("kwatt", "Power", 2, 110),
            "burning_hours": style.shown_as("suffix: h", "Burnt in its life", 0, 150),
        },
        [
            Total("Cabinets", "Power of all live cabinets.", "lighting_cabinet"),
            Total("Lamps", "Power of all live luminaires that report it.", "luminaire"),
        ],
    ),
    compared_in_time=(
        "lighting_energy_per_light_point",
        "lighting_dimming_saving",
        "lighting_burning_hours_deviation",
        "lighting_dark_hours",
        "lighting_day_burning_hours",
        "lighting_availability",
        "lighting_failure_rate",
    ),
    figures=[
        Tile(
            "Energy per light point",
            "Electricity of street lighting over the light points that the city file states.",
            "lighting_energy_per_light_point",
            width=12,
        ),
        Tile("Burning hours", "Mean over the luminaires that report them.", "lighting_burning_hours", 12),
    ],
    history=[
        panels.history("Energy per light point", style.LIGHT, "lighting_energy_per_light_point"),
        panels.history("Burning hours", style.LIGHT, "lighting_burning_hours"),
        panels.against_last_year(
            "Energy per light point, this year against last", style.LIGHT, "lighting_energy_per_light_point"
        ).span(24),
        compared(
            "smart_lighting",
            "Energy per light point by site",
            "Electricity of each street over its light points.",
            "lighting_energy_per_light_point",
        ),
    ],
    site=[
        SiteCurve(
            "Power",
            "Mean power of the cabinets and luminaires of the chosen site; a cabinet's holds that of its luminaires.",
            "kwatt",
            "electricity_power",
            "mean",
        ),
        SiteCurve(
            "Dimming level",
            "Level of the luminaires of the chosen site, between the darkest and the brightest; 100 % is full light.",
            "percent",
            "dimming_level",
            "mean",
            shape="spread",
        ),
        SiteCurve(
            "Energy",
            "What each device of the chosen site counted in each bucket; none where it is not whole. A cabinet's holds "
            "that of its luminaires.",
            "kwatth",
            "electricity_energy",
            "amount",
        ),
        SiteCurve(
            "Burning hours",
            "How long each luminaire burnt in each bucket.",
            "suffix: h",
            "burning_hours",
            "amount",
        ),
    ],
).page()
