"""How things look on every dashboard alike: colours, thresholds, what a state or a missing value is shown as."""

from typing import Final

from grafana_foundation_sdk.builders.dashboard import FieldColor
from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig as Thresholds
from grafana_foundation_sdk.models import dashboard
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue as Property

HEAT, CHARGING, LIGHT, BUILDING, CITY = "dark-orange", "blue", "yellow", "purple", "semi-dark-green"
GOOD, FAIR, POOR, BAD, ODD, NEUTRAL = "green", "yellow", "orange", "red", "purple", "text"

STATES: Final = {"live": GOOD, "late": FAIR, "stale": POOR, "silent": BAD, "clock_wrong": ODD}
STATUSES: Final = {"final": GOOD, "provisional": FAIR, "insufficient": BAD}
NO_VALUE: Final = "no figure"


def colours(of: dict[str, str]) -> dashboard.ValueMap:
    """Show each text in its colour."""
    return dashboard.ValueMap(
        {text: dashboard.ValueMappingResult(color=colour, index=n) for n, (text, colour) in enumerate(of.items())}
    )


def absent(text: str) -> dashboard.SpecialValueMap:
    """Show what is missing as ``text`` in grey: absent is never zero."""
    missing = dashboard.DashboardSpecialValueMapOptions(
        match=dashboard.SpecialValueMatch.NULL_AND_NAN,
        result=dashboard.ValueMappingResult(text=text, color=NEUTRAL, index=0),
    )
    return dashboard.SpecialValueMap(missing)


def fixed(colour: str) -> FieldColor:
    """Draw in one colour."""
    return FieldColor().mode(dashboard.FieldColorModeId.FIXED).fixed_color(colour)


def steps(*of: tuple[float | None, str]) -> Thresholds:
    """Change colour at each value; the first one is None, the beginning."""
    return (
        Thresholds()
        .mode(dashboard.ThresholdsMode.ABSOLUTE)
        .steps([dashboard.Threshold(value=value, color=colour) for value, colour in of])
    )


COVERAGE: Final = ((None, BAD), (0.90, FAIR), (0.95, GOOD))
ANY_IS_BAD: Final = ((None, GOOD), (1.0, BAD))


def shown_as(unit: str, title: str | None = None, decimals: int | None = None) -> list[Property]:
    """Return the properties of a column with a unit of its own."""
    properties = [Property("unit", unit)]
    if title is not None:
        properties.append(Property("displayName", title))
    if decimals is not None:
        properties.append(Property("decimals", decimals))
    return properties


def share(title: str, of: tuple[tuple[float | None, str], ...] | None = COVERAGE) -> list[Property]:
    """Return the properties of a column from 0 to 1, coloured as coverage unless said otherwise."""
    properties = shown_as("percentunit", title, 1)
    if of:
        properties.append(Property("thresholds", steps(*of).build()))
        properties.append(Property("color", {"mode": "thresholds"}))
    return properties


def text_in(of: dict[str, str], title: str) -> list[Property]:
    """Return the properties of a column of words that stand on their colour."""
    return [
        Property("displayName", title),
        Property("mappings", [colours(of)]),
        Property("custom.cellOptions", {"type": "color-background", "mode": "basic"}),
        Property("custom.width", 120),
    ]


def named(title: str, width: int | None = None) -> list[Property]:
    """Return the properties of a column of words."""
    return [Property("displayName", title), *([Property("custom.width", width)] if width else [])]


def faults(title: str) -> list[Property]:
    """Return the properties of a column of counts of which every one is a fault."""
    return [
        *shown_as("none", title, 0),
        Property("thresholds", steps(*ANY_IS_BAD).build()),
        Property("custom.cellOptions", {"type": "color-text"}),
    ]
