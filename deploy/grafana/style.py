"""How things look on every dashboard alike: colours, thresholds, what a state or a missing value is shown as."""

from collections.abc import Mapping, Sequence
from typing import Final

from grafana_foundation_sdk.builders.dashboard import FieldColor
from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig as Thresholds
from grafana_foundation_sdk.models import dashboard
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue as Property

HEAT, CHARGING, LIGHT, BUILDING, CITY = "dark-orange", "blue", "yellow", "purple", "semi-dark-green"
GOOD, FAIR, POOR, BAD, ODD, NEUTRAL = "green", "yellow", "orange", "red", "purple", "text"

STATES: Final = {"live": GOOD, "late": FAIR, "stale": POOR, "silent": BAD, "clock_wrong": ODD}
STATUSES: Final = {"final": GOOD, "provisional": FAIR, "insufficient": BAD}
SEVERITIES: Final = {"critical": ODD, "major": BAD, "minor": POOR, "warning": FAIR}
VERDICTS: Final = {"better": GOOD, "worse": BAD, "within bounds": NEUTRAL, "different": NEUTRAL}
NO_VALUE: Final = "no figure"


def in_words(code: str) -> str:
    """Return a code as words."""
    return code.replace("_", " ")


def colours(of: Mapping[str, str]) -> dashboard.ValueMap:
    """Show each text in its colour, as words."""
    return dashboard.ValueMap(
        {
            text: dashboard.ValueMappingResult(text=in_words(text), color=colour, index=n)
            for n, (text, colour) in enumerate(of.items())
        }
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


def coloured(*of: tuple[float | None, str]) -> list[Property]:
    """Return the properties of what changes its colour at each value."""
    return [Property("thresholds", steps(*of).build()), Property("color", {"mode": "thresholds"})]


def in_colour(colour: str) -> list[Property]:
    """Return the properties of what has one colour."""
    return [Property("color", {"mode": "fixed", "fixedColor": colour})]


def counted(code: str, colour: str) -> list[Property]:
    """Return the properties of a count of what is ``code``: grey while there is none, in its colour else."""
    return [*shown_as("locale", in_words(code), 0), *coloured((None, NEUTRAL), (1.0, colour))]


def counted_cell(code: str, colour: str, width: int) -> list[Property]:
    """Return the properties of such a count as a narrow column."""
    return [
        *counted(code, colour),
        Property("displayName", in_words(code).capitalize()),
        Property("custom.cellOptions", {"type": "color-text"}),
        Property("custom.width", width),
    ]


def shown_as(unit: str, title: str | None = None, decimals: int | None = None, width: int = 0) -> list[Property]:
    """Return the properties of a column with a unit of its own."""
    properties = [Property("unit", unit)]
    if title is not None:
        properties.append(Property("displayName", title))
    if decimals is not None:
        properties.append(Property("decimals", decimals))
    if width:
        properties.append(Property("custom.width", width))
    return properties


def share(title: str, of: tuple[tuple[float | None, str], ...] | None = COVERAGE) -> list[Property]:
    """Return the properties of a column from 0 to 1, coloured as coverage unless said otherwise."""
    properties = shown_as("percentunit", title, 1, 100)
    if of:
        properties += [*coloured(*of), Property("custom.cellOptions", {"type": "color-text"})]
    return properties


def text_in(of: Mapping[str, str], title: str, width: int = 120) -> list[Property]:
    """Return the properties of a column of words that stand on their colour."""
    return [
        Property("displayName", title),
        Property("mappings", [colours(of)]),
        Property("custom.cellOptions", {"type": "color-background", "mode": "basic"}),
        Property("custom.width", width),
    ]


def words_in(of: Mapping[str, str], title: str, width: int) -> list[Property]:
    """Return the properties of a column of words in their colours, which may be missing."""
    return [
        Property("displayName", title),
        Property("mappings", [colours(of)]),
        Property("custom.cellOptions", {"type": "color-text"}),
        Property("custom.width", width),
    ]


def named(title: str, width: int | None = None) -> list[Property]:
    """Return the properties of a column of words."""
    return [Property("displayName", title), *([Property("custom.width", width)] if width else [])]


def wrapped(title: str, width: int = 300) -> list[Property]:
    """Return the properties of a column of sentences, which are never cut."""
    return [
        Property("displayName", title),
        Property("custom.minWidth", width),
        Property("custom.cellOptions", {"type": "auto", "wrapText": True}),  # up to Grafana 12
        Property("custom.wrapText", True),  # since 13
    ]


def worded(title: str, words: Mapping[str, str], width: int | None = None) -> list[Property]:
    """Return the properties of a column of codes, each shown as its words."""
    mapping = dashboard.ValueMap(
        {code: dashboard.ValueMappingResult(text=text, index=n) for n, (code, text) in enumerate(words.items())}
    )
    return [*named(title, width), Property("mappings", [mapping])]


def numbered(states: Sequence[str], of: Mapping[str, str]) -> dashboard.ValueMap:
    """Show each number as the state of its place, in its colour where it has one."""
    return dashboard.ValueMap(
        {
            str(n): dashboard.ValueMappingResult(text=state, color=of.get(state), index=n)
            for n, state in enumerate(states)
        }
    )


def words_in_colour(of: Mapping[str, tuple[str, str]]) -> dashboard.ValueMap:
    """Show each value as its word, in its colour."""
    return dashboard.ValueMap(
        {
            value: dashboard.ValueMappingResult(text=text, color=colour, index=n)
            for n, (value, (text, colour)) in enumerate(of.items())
        }
    )


def hidden() -> list[Property]:
    """Return the properties of a column that only links read."""
    aside = {"legend": True, "tooltip": True, "viz": True}
    return [Property("custom.hidden", True), Property("custom.hideFrom", aside)]  # up to Grafana 12.1, and since


def leading(title: str, url: str) -> Property:
    """Return the property of a column that leads to ``url``."""
    return Property("links", [{"title": title, "url": url}])


def faults(title: str) -> list[Property]:
    """Return the properties of a column of counts of which every one is a fault."""
    return [
        *shown_as("locale", title, 0),
        Property("thresholds", steps(*ANY_IS_BAD).build()),
        Property("custom.cellOptions", {"type": "color-text"}),
    ]
