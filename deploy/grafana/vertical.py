"""The dashboard of a vertical: what is now and what is wrong, the city's figures, its sites compared, one in detail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue as Property
from grafana_foundation_sdk.models.dashboard import Panel

from deploy.grafana import blocks, links, panels, style, variables, words
from deploy.grafana.page import Page, Section
from deploy.grafana.sources import POSTGRESQL, curves, rows

Panels = Sequence[Builder[Panel]]


@dataclass(frozen=True)
class Tile:
    """The newest figure of the indicator ``kpi``; ``width``: how many of the 24 columns of a line."""

    title: str
    description: str
    kpi: str
    width: int


@dataclass(frozen=True)
class SiteCurve:
    """One quantity of the devices of the chosen site, a line each; of one ``direction`` of energy, or all.

    ``shape``: "day" draws what is counted as bars by the day, "spread" the mean of all devices between the lowest
    and the highest. ``limit``: what the curve should stay below.
    """

    title: str
    description: str
    unit: str
    quantity: str
    column: Literal["amount", "mean"]
    direction: Literal["consumption", "production"] | None = None
    shape: Literal["line", "day", "spread"] = "line"
    limit: float | None = None


@dataclass(frozen=True)
class Total:
    """What all live devices of a type carry of ``quantity`` now, together; ``unit`` as Grafana names it."""

    title: str
    description: str
    device_type: str
    quantity: str = "electricity_power"
    unit: str = "kwatt"

    def panel(self, width: int = 4) -> Builder[Panel]:
        """Return its tile, ``width`` of the 24 columns of a line wide."""
        query = rows("power_now", type=self.device_type, quantity=self.quantity)
        return panels.together(self.title, self.description, self.unit, query).span(width)


@dataclass(frozen=True)
class Now:
    """What the devices of a vertical say now: three ``columns``, each a quantity with the properties of its column.

    ``worst``: whether the highest or the lowest values of the first one come first. ``tiles``: what
    all devices of a type carry.
    """

    title: str
    description: str
    columns: Mapping[str, list[Property]]
    tiles: Sequence[Total]
    worst: Literal["highest", "lowest"] = "highest"


@dataclass(frozen=True)
class Vertical:
    """What the dashboard of the vertical ``name`` shows; the panels of each group fill lines of 24 columns.

    ``compared_in_time``: the indicators that are held against the year before. ``has_balances``: main meters or plants
    stand in this vertical, or meters that report their water.
    """

    name: str
    title: str
    description: str
    colour: str
    now: Now
    figures: Sequence[Tile]
    compared_in_time: Sequence[str]
    history: Panels
    site: Sequence[SiteCurve]
    has_balances: bool = True

    def page(self) -> Page:
        """Return the dashboard."""
        return Page(
            name=self.name.replace("_", "-"),
            title=self.title,
            description=self.description,
            variables=[
                variables.data_source(POSTGRESQL),
                variables.city(self.name),
                variables.site(self.name),
                *variables.of_figures(),
            ],
            has_alarms=True,
            sections=[
                Section(
                    "Now",
                    [
                        self._states(),
                        *(total.panel() for total in self.now.tiles),
                        *blocks.alarms(self.name),
                        self._devices_now(),
                    ],
                ),
                Section(
                    "The city, newest period that is over",
                    [
                        *(self._tile(tile) for tile in self.figures),
                        blocks.against_before(self.compared_in_time, "chosen period"),
                    ],
                ),
                Section("The city, period by period", self.history),
                Section("The chosen site", [*map(self._curve, self.site), latest(self.name)]),
                *([Section("Balances: where a meter is wrong or missing", balances(self.name))] * self.has_balances),
                blocks.meaning(),
            ],
        )

    def _states(self) -> Builder[Panel]:
        return panels.states("Devices of this vertical", rows("states_of_vertical", vertical=self.name)).span(8)

    def _devices_now(self) -> Builder[Panel]:
        first, second, third = self.now.columns
        places = ("first", "second", "third")
        return panels.listing(
            self.now.title,
            f"{self.now.description} What is not live is not shown. At most 500.",
            rows(
                "devices_now",
                vertical=self.name,
                first=first,
                second=second,
                third=third,
                sign="-1" if self.now.worst == "highest" else "1",
            ),
            {
                "device_title": [*style.named("Device", 260), links.to_console()],
                "site_title": [*style.named("Site", 240), links.to_site(self.name)],
                "state": style.text_in(style.STATES, "State", 110),
                **dict(zip(places, self.now.columns.values(), strict=True)),
                "age_s": style.shown_as("s", "Age", width=110),
                "site": style.hidden(),
            },
            "No devices report any of this",
        )

    def _tile(self, tile: Tile) -> Builder[Panel]:
        return panels.figure(tile.title, tile.description, self.colour, tile.kpi).span(tile.width)

    def _curve(self, curve: SiteCurve) -> Builder[Panel]:
        given = {"vertical": self.name, "quantity": curve.quantity}
        if curve.shape == "day":
            return panels.stacked(curve.title, curve.description, curve.unit, curves("series_by_day", **given))
        if curve.shape == "spread":
            return panels.spread(curve.title, curve.description, curve.unit, curves("series_spread", **given))
        query = curves("series", **given, column=curve.column, direction=curve.direction or "")
        panel = panels.curve(curve.title, curve.description, curve.unit, query)
        return panel if curve.limit is None else panels.limited(panel, curve.limit)


def compared(vertical: str, title: str, description: str, kpi: str) -> Builder[Panel]:
    """Return a table of an indicator of all sites in the same period."""
    unit = words.unit(kpi)
    return panels.listing(
        title,
        f"{description} All sites in the same month or year: the newest of the city that is over.",
        rows("kpi_by_site", kpi=kpi, factor=words.factor(kpi)),
        {
            "site_title": [*style.named("Site"), links.to_site(vertical)],
            "label": style.named("Period", 110),
            "value": style.shown_as(unit, "Value", 2),
            "lower": style.shown_as(unit, "At least", 2),
            "upper": style.shown_as(unit, "At most", 2),
            "coverage": style.share("Coverage"),
            "estimated_share": style.share("Estimated share", None),
            "status": style.text_in(style.STATUSES, "Status"),
            "reason": style.wrapped("Reason", 200),
            "site": style.hidden(),
        },
        "No figures of sites: the newest period of the city has none, or this indicator is of the city only",
    )


def pair(title: str, description: str, named: Mapping[str, str]) -> Builder[Panel]:
    """Return the figures of two indicators, ``named`` for the legend, as bars side by side for each period."""
    (kpi, legend), (other_kpi, other_legend) = named.items()
    query = rows(
        "kpi_pair_history",
        kpi=kpi,
        title=legend,
        other_kpi=other_kpi,
        other_title=other_legend,
        factor=words.factor(kpi),
    )
    return panels.bars(title, description, words.unit(kpi), query)


def latest(name: str) -> Builder[Panel]:
    """Return the newest readings of the chosen site, with their age."""
    return panels.listing(
        "Newest readings",
        "The newest reading of every series of the site, whatever its age: only what is live describes this moment.",
        rows("latest_of_site", vertical=name, connector=",".join(words.CONNECTOR)),
        {
            "device_title": [*style.named("Device"), links.to_console()],
            "quantity": style.worded("Quantity", words.QUANTITY),
            "value": style.named("Value", 160),
            "state": style.text_in(style.STATES, "State"),
            "time": style.shown_as("dateTimeAsIso", "Time"),
            "age_s": style.shown_as("s", "Age"),
        },
        "This site has no devices",
    )


def balances(name: str) -> Panels:
    """Return what balances of the vertical left over, the largest share first, and those of the chosen site by time."""
    return [
        panels.listing(
            "What balances leave over",
            "Main meters less their submeters, plants less the meters they serve, heat counted less heat carried by "
            "the water, over the days of the chosen time. A residual that is large, negative or new points to a meter "
            "that is wrong, missing or not declared; losses and use that is not submetered are in it too.",
            rows("balances", vertical=name),
            {
                "device_title": style.named("Main meter, plant or meter", 240),
                "title": style.wrapped("Balance", 220),
                "amount": style.shown_as("kwatth", "Left over", 1, 110),
                "reference": style.shown_as("kwatth", "Of", 1, 110),
                "share": style.share("Share", None),
                "days_without": style.shown_as("locale", "Days without", 0, 110),
                "reason": style.wrapped("Why, newest"),
            },
            "This vertical has no balances: no main meter with submeters, no plant, no meter that reports its water",
        ),
        panels.curve(
            "Left over at the chosen site",
            "What each balance of the chosen site left over in each bucket; none where a meter of it is not known.",
            "kwatth",
            curves("residuals", vertical=name),
        ).span(24),
    ]
