"""Smart lighting: energy per light point and burning hours, streets compared, and the luminaires of one of them."""

from typing import Final

from deploy.grafana import panels, style
from deploy.grafana.vertical import SiteCurve, Tile, Vertical, compared

PAGE: Final = Vertical(
    name="smart_lighting",
    title="Smart lighting",
    description="What a light point uses and how long it burns; cabinets and luminaires of a street.",
    colour=style.LIGHT,
    figures=[
        Tile(
            "Energy per light point",
            "Electricity of street lighting over the light points that the city file states.",
            "kwatth",
            "lighting_energy_per_light_point",
            width=12,
        ),
        Tile("Burning hours", "Mean over the luminaires that report them.", "h", "lighting_burning_hours", 12),
    ],
    history=[
        panels.history("Energy per light point", "kwatth", style.LIGHT, "lighting_energy_per_light_point"),
        panels.history("Burning hours", "h", style.LIGHT, "lighting_burning_hours"),
        compared(
            "Energy per light point by site",
            "Electricity of each street over its light points.",
            "kwatth",
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
            "Mean level of each luminaire of the chosen site; 100 % is full light.",
            "percent",
            "dimming_level",
            "mean",
        ),
        SiteCurve(
            "Energy",
            "What each device of the chosen site counted in each bucket; none where it is not whole, so far in the "
            "open one.",
            "kwatth",
            "electricity_energy",
            "amount",
        ),
        SiteCurve("Burning hours", "How long each luminaire burnt in each bucket.", "h", "burning_hours", "amount"),
    ],
).page()
