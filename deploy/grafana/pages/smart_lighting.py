"""Smart lighting: energy per light point and burning hours, streets compared, and the luminaires of one of them."""

from typing import Final

from deploy.grafana import panels, style
from deploy.grafana.vertical import Vertical, by_site, compared

NAME: Final = "smart_lighting"

PAGE: Final = Vertical(
    name=NAME,
    title="Smart lighting",
    description="What a light point uses and how long it burns; cabinets and luminaires of a street.",
    figures=[
        panels.figure(
            "Energy per light point",
            "Electricity of street lighting over the light points that the city file states.",
            "kwatth",
            style.LIGHT,
            "lighting_energy_per_light_point",
        ).span(12),
        panels.figure(
            "Burning hours",
            "Mean over the luminaires that report them.",
            "h",
            style.LIGHT,
            "lighting_burning_hours",
        ).span(12),
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
        panels.curve(
            "Power",
            "Mean power of the cabinets and luminaires of the chosen site; a cabinet's holds that of its luminaires.",
            "kwatt",
            by_site(NAME, "electricity_power", "mean"),
        ),
        panels.curve(
            "Dimming level",
            "Mean level of each luminaire of the chosen site; 100 % is full light.",
            "percent",
            by_site(NAME, "dimming_level", "mean"),
        ),
        panels.curve(
            "Energy",
            "What each device of the chosen site counted in each bucket; none where it is not whole, so far in the "
            "open one.",
            "kwatth",
            by_site(NAME, "electricity_energy", "amount"),
        ),
        panels.curve(
            "Burning hours",
            "How long each luminaire burnt in each bucket.",
            "h",
            by_site(NAME, "burning_hours", "amount"),
        ),
    ],
).page()
