"""The dashboard of a vertical: figures of the city, their history, its sites compared, one site in detail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Panel

from deploy.grafana import panels, style, variables
from deploy.grafana.page import COVERAGE, Page, Section
from deploy.grafana.sources import POSTGRESQL, curves, rows

Panels = Sequence[Builder[Panel]]


@dataclass(frozen=True)
class Tile:
    """The newest figure of the indicator ``kpi``; ``width``: how many of the 24 columns of a line."""

    title: str
    description: str
    unit: str
    kpi: str
    width: int


@dataclass(frozen=True)
class SiteCurve:
    """One quantity of the devices of the chosen site, a line each; of one ``direction`` of energy, or all."""

    title: str
    description: str
    unit: str
    quantity: str
    column: Literal["amount", "mean"]
    direction: Literal["consumption", "production"] | None = None


@dataclass(frozen=True)
class Vertical:
    """What the dashboard of the vertical ``name`` shows; the panels of each group fill lines of 24 columns.

    ``has_balances``: main meters or plants stand in this vertical, or meters that report their water.
    """

    name: str
    title: str
    description: str
    colour: str
    figures: Sequence[Tile]
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
                variables.city(),
                variables.site(self.name),
                variables.period(),
                variables.resolution(),
            ],
            sections=[
                Section("The city, newest period that is over", [self._tile(tile) for tile in self.figures]),
                Section("The city, period by period", self.history),
                Section("The chosen site", [*map(self._curve, self.site), latest(self.name)]),
                *([Section("Balances: where a meter is wrong or missing", balances(self.name))] * self.has_balances),
                Section(
                    "Devices",
                    [
                        panels.states("Devices of this vertical", rows("states_of_vertical", vertical=self.name)),
                        panels.note("What coverage means", COVERAGE).span(16),
                    ],
                ),
            ],
        )

    def _tile(self, tile: Tile) -> Builder[Panel]:
        return panels.figure(tile.title, tile.description, tile.unit, self.colour, tile.kpi).span(tile.width)

    def _curve(self, curve: SiteCurve) -> Builder[Panel]:
        given = {"vertical": self.name, "quantity": curve.quantity, "column": curve.column}
        if curve.direction is None:
            return panels.curve(curve.title, curve.description, curve.unit, curves("series", **given))
        query = curves("series_by_direction", **given, direction=curve.direction)
        return panels.curve(curve.title, curve.description, curve.unit, query)


def compared(title: str, description: str, unit: str, kpi: str) -> Builder[Panel]:
    """Return a table of an indicator of all sites in the same period."""
    value = style.shown_as(unit, "Value", 2)
    return panels.listing(
        title,
        f"{description} All sites in the same month or year: the newest of the city that is over.",
        rows("kpi_by_site", kpi=kpi),
        {
            "site_title": style.named("Site"),
            "label": style.named("Period", 110),
            "value": value,
            "coverage": style.share("Coverage"),
            "estimated_share": style.share("Estimated share", None),
            "status": style.text_in(style.STATUSES, "Status"),
            "reason": style.named("Reason"),
        },
        "No figures of sites: the newest period of the city has none, or this indicator is of the city only",
    )


def pair(title: str, description: str, unit: str, named: Mapping[str, str]) -> Builder[Panel]:
    """Return the figures of two indicators, ``named`` for the legend, as bars side by side for each period."""
    (kpi, legend), (other_kpi, other_legend) = named.items()
    query = curves("kpi_pair_history", kpi=kpi, title=legend, other_kpi=other_kpi, other_title=other_legend)
    return panels.bars(title, description, unit, query)


def latest(name: str) -> Builder[Panel]:
    """Return the newest readings of the chosen site, with their age."""
    return panels.listing(
        "Newest readings",
        "The newest reading of every series of the site, whatever its age: only what is live describes this moment.",
        rows("latest_of_site", vertical=name),
        {
            "device_title": style.named("Device"),
            "quantity": style.named("Quantity"),
            "value": style.shown_as("none", "Value", 2),
            "unit": style.named("Unit", 90),
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
                "device_title": style.named("Main meter, plant or meter"),
                "title": style.named("Balance"),
                "amount": style.shown_as("kwatth", "Left over", 1),
                "reference": style.shown_as("kwatth", "Of", 1),
                "share": style.share("Share", None),
                "days_without": style.shown_as("none", "Days without", 0),
                "reason": style.named("Why, newest"),
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
