"""Kinds of panels, each with what every panel must have: a title, a description, a unit and a text for no data.

Widths are in columns of a grid of 24; where another one is wanted, ``span`` sets it.
"""

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Final, TypeVar

from grafana_foundation_sdk.builders import barchart, common, stat, statetimeline, table, text, timeseries, xychart
from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig as Thresholds
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common as looks
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue as Property
from grafana_foundation_sdk.models.text import TextMode
from grafana_foundation_sdk.models.xychart import SeriesMapping

from deploy.grafana import sources, style, words

Query = Builder[Dataquery]
WIDTH: Final = 24
BARS: Final = "One bar for each civil period of the city: full where it is final, pale where it can be further off."
FILLED, SO_FAR = (
    r" \(filled in\)",
    r" \(so far\)",
)  # how the names of series end whose values are no whole measured ones
TILE, CHART, LIST = 4, 9, 10  # heights

_Panel = TypeVar(
    "_Panel", stat.Panel, timeseries.Panel, table.Panel, barchart.Panel, xychart.Panel, statetimeline.Panel
)


def _begin(panel: _Panel, title: str, description: str, unit: str, no_data: str) -> _Panel:
    panel.title(title).description(description).unit(unit).no_value(no_data)
    return panel


def _reading(panel: _Panel, query: Query, width: int, height: int, kind: str = sources.POSTGRESQL) -> _Panel:
    panel.datasource(sources.source(kind)).with_target(query).span(width).height(height)
    return panel


def figure(title: str, description: str, colour: str, kpi: str) -> stat.Panel:
    """Return a tile with the newest figure of an indicator for a period that is over, above what that is worth."""
    panel = _begin(stat.Panel(), title, description, words.unit(kpi), "Not computed for this city")
    panel.mappings([style.absent(style.NO_VALUE)]).color_scheme(style.fixed(colour))
    panel.reduce_options(common.ReduceDataOptions().calcs(["last"]))
    panel.graph_mode(looks.BigValueGraphMode.NONE).color_mode(looks.BigValueColorMode.VALUE)
    panel.orientation(looks.VizOrientation.VERTICAL).text_mode(looks.BigValueTextMode.VALUE_AND_NAME)
    panel.text(common.VizTextDisplayOptions().title_size(13).value_size(32))
    return _reading(panel, sources.curves("kpi_newest", kpi=kpi, factor=words.factor(kpi)), 6, TILE + 1)


def now(title: str, description: str, unit: str, query: Query) -> stat.Panel:
    """Return a tile with values of this moment; one whose device is not live says so instead."""
    panel = _begin(stat.Panel(), title, description, unit, "No such device")
    panel.mappings([style.absent("not live")]).color_scheme(style.fixed(style.CITY))
    panel.reduce_options(common.ReduceDataOptions().values(True).calcs(["last"]).fields("/^value$/").limit(2))
    panel.graph_mode(looks.BigValueGraphMode.NONE).color_mode(looks.BigValueColorMode.VALUE)
    panel.text(common.VizTextDisplayOptions().value_size(28))
    return _reading(panel, query, 4, TILE)


def together(title: str, description: str, unit: str, query: Query) -> stat.Panel:
    """Return a tile with the sum of what live devices say now, above how many of how many that are."""
    return now(title, description, unit, query).text_mode(looks.BigValueTextMode.VALUE_AND_NAME)


def states(title: str, query: Query) -> stat.Panel:
    """Return a tile with the number of devices in each state."""
    description = (
        "Devices by state. live: its newest value is as young as it promises; late: it sends, but old values; "
        "stale: it missed its time; silent: by far, or it never sent; clock wrong: its times cannot be true. "
        "What there is none of is grey."
    )
    return counts(title, description, style.STATES, query, "No devices")


def counts(title: str, description: str, of: Mapping[str, str], query: Query, no_data: str) -> stat.Panel:
    """Return a tile with a number for each column of ``query``: grey where there is none, in its colour else."""
    panel = _begin(stat.Panel(), title, description, "locale", no_data)
    for code, colour in of.items():
        panel.override_by_name(code, style.counted(code, colour))
    panel.mappings([style.absent("-")])
    panel.reduce_options(common.ReduceDataOptions().calcs(["last"]))
    panel.graph_mode(looks.BigValueGraphMode.NONE).color_mode(looks.BigValueColorMode.VALUE)
    panel.text_mode(looks.BigValueTextMode.VALUE_AND_NAME).justify_mode(looks.BigValueJustifyMode.CENTER)
    panel.text(common.VizTextDisplayOptions().title_size(13).value_size(28))
    return _reading(panel, query, 8, TILE)


def gauge(title: str, description: str, unit: str, colours: Thresholds, named: dict[str, str]) -> stat.Panel:
    """Return a tile with the newest value of a Prometheus expression, ``named`` by its legend, in colours."""
    panel = _begin(stat.Panel(), title, description, unit, "Not exported")
    panel.thresholds(colours).mappings([style.absent("absent")])
    panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    panel.graph_mode(looks.BigValueGraphMode.AREA).color_mode(looks.BigValueColorMode.VALUE)
    panel.datasource(sources.source(sources.PROMETHEUS)).span(4).height(TILE)
    return panel.targets(_metrics(named))


def history(title: str, colour: str, kpi: str, description: str = "") -> barchart.Panel:
    """Return a bar of an indicator for each civil period, pale where it is not final; bounds and coverage on hover."""
    panel = _bars(title, f"{BARS} {description}".strip(), words.unit(kpi)).stacking(looks.StackingMode.NORMAL)
    for name, opacity in {"Final": 80, "Provisional": 40, "So far": 10}.items():
        panel.override_by_name(name, [*style.in_colour(colour), Property("custom.fillOpacity", opacity)])
    aside = Property("custom.hideFrom", {"legend": True, "tooltip": False, "viz": True})
    for name in ("At least", "At most"):
        panel.override_by_name(name, [aside])
    panel.override_by_name("Coverage", [*style.shown_as("percentunit", None, 1), aside])
    return _reading(panel, sources.rows("kpi_history", kpi=kpi, factor=words.factor(kpi)), WIDTH // 2, CHART)


def against_last_year(title: str, colour: str, kpi: str) -> barchart.Panel:
    """Return the months of the newest year beside those of the year before."""
    description = "Each month of the newest year beside the same month of the year before; the running month so far."
    panel = _bars(title, description, words.unit(kpi))
    panel.override_by_name("The year before", style.in_colour(style.NEUTRAL))
    panel.override_by_name("Newest year", style.in_colour(colour))
    panel.override_by_name("Month so far", [*style.in_colour(colour), Property("custom.fillOpacity", 10)])
    return _reading(panel, sources.rows("kpi_against_last_year", kpi=kpi, factor=words.factor(kpi)), WIDTH // 2, CHART)


def bars(title: str, description: str, unit: str, query: Query) -> barchart.Panel:
    """Return bars side by side for each civil period, one for each number of ``query``."""
    return _reading(_bars(title, description, unit), query, WIDTH // 2, CHART)


def _bars(title: str, description: str, unit: str) -> barchart.Panel:
    panel = _begin(barchart.Panel(), title, description, unit, "No figures of this period")
    panel.x_field("Period").x_tick_label_spacing(100).group_width(0.75).bar_width(0.95).fill_opacity(80).line_width(1)
    panel.show_value(looks.VisibilityMode.NEVER).axis_soft_min(0)
    panel.tooltip(common.VizTooltipOptions().mode(looks.TooltipDisplayMode.MULTI).sort(looks.SortOrder.NONE))
    return panel.legend(_legend())


def curve(title: str, description: str, unit: str, query: Query) -> timeseries.Panel:
    """Return a line for each metric of ``query``; where nothing is known the line is broken.

    What is filled in where a meter was silent is dashed, and what runs still is a row of points.
    """
    panel = _chart(title, description, unit, "No data of this site in this time range")
    dashed = {"custom.lineStyle": {"fill": "dash", "dash": [4, 6]}, "custom.fillOpacity": 0}
    panel.override_by_regexp(rf"/{FILLED}$/", [Property(name, value) for name, value in dashed.items()])
    panel.override_by_regexp(rf"/{SO_FAR}$/", [Property("custom.drawStyle", "points"), Property("custom.pointSize", 8)])
    return _reading(panel.fill_opacity(8), query, WIDTH // 2, CHART)


def spread(title: str, description: str, unit: str, query: Query) -> timeseries.Panel:
    """Return the mean of all devices of a site as a line, in a band from the lowest to the highest."""
    panel = _chart(title, description, unit, "No data of this site in this time range").line_width(2)
    for name in ("Lowest", "Highest"):
        panel.override_by_name(name, [*style.in_colour(style.NEUTRAL), Property("custom.lineWidth", 0)])
    band = [Property("custom.fillBelowTo", "Lowest"), Property("custom.fillOpacity", 15)]
    panel.override_by_name("Highest", band)
    return _reading(panel, query, WIDTH // 2, CHART)


def limited(panel: timeseries.Panel, limit: float, colour: str = style.POOR) -> timeseries.Panel:
    """Draw a line at a limit that a curve should stay below."""
    panel.thresholds(style.steps((None, style.GOOD), (limit, colour)))
    return panel.thresholds_style(common.GraphThresholdsStyleConfig().mode(looks.GraphThresholdsStyleMode.DASHED))


def stacked(title: str, description: str, unit: str, query: Query) -> timeseries.Panel:
    """Return bars of amounts by time that add up, a part for each metric of ``query``."""
    panel = _chart(title, description, unit, "Nothing in this time range").draw_style(looks.GraphDrawStyle.BARS)
    panel.bar_alignment(looks.BarAlignment.AFTER).stacking(common.StackingConfig().mode(looks.StackingMode.NORMAL))
    return _reading(panel.fill_opacity(70).axis_soft_min(0), query, WIDTH // 2, CHART)


def rate(
    title: str,
    description: str,
    unit: str,
    named: dict[str, str],
    no_data: str = "Nothing is exported: see the targets of Prometheus",
) -> timeseries.Panel:
    """Return the lines of Prometheus expressions ``named`` by their legends."""
    panel = _chart(title, description, unit, no_data)
    if unit == "percentunit":
        panel.min(0).max(1)
    else:
        panel.fill_opacity(8)
    panel.axis_soft_min(0).datasource(sources.source(sources.PROMETHEUS)).span(WIDTH // 2).height(CHART - 1)
    return panel.targets(_metrics(named))


def readiness(title: str, description: str, named: dict[str, str]) -> statetimeline.Panel:
    """Return for each process when it was ready and when not, of Prometheus expressions that are 1 or 0."""
    panel = _begin(
        statetimeline.Panel(), title, description, "bool", "Nothing is exported: see the targets of Prometheus"
    )
    ready = {"0": ("not ready", style.BAD), "1": ("ready", style.GOOD)}
    panel.mappings([style.words_in_colour(ready)]).show_value(looks.VisibilityMode.AUTO).legend(
        _legend().show_legend(False)
    )
    panel.datasource(sources.source(sources.PROMETHEUS)).span(WIDTH).height(CHART - 1)
    return panel.targets(_metrics(named))


def _metrics(named: dict[str, str]) -> list[Query]:
    lines = zip(ascii_uppercase, named.items(), strict=False)
    return [sources.metric(expression, legend, ref) for ref, (legend, expression) in lines]


def _chart(title: str, description: str, unit: str, no_data: str) -> timeseries.Panel:
    panel = _begin(timeseries.Panel(), title, description, unit, no_data)
    panel.line_width(1).span_nulls(False).show_points(looks.VisibilityMode.AUTO)
    panel.tooltip(common.VizTooltipOptions().mode(looks.TooltipDisplayMode.MULTI).sort(looks.SortOrder.DESCENDING))
    return panel.legend(_legend())


def _legend() -> common.VizLegendOptions:
    legend = common.VizLegendOptions().show_legend(True)
    return legend.display_mode(looks.LegendDisplayMode.LIST).placement(looks.LegendPlacement.BOTTOM).calcs([])


def listing(
    title: str, description: str, query: Query, columns: dict[str, list[Property]], no_data: str
) -> table.Panel:
    """Return a table; ``columns`` are the properties of each column by its name, with its unit where it is a number."""
    panel = _begin(table.Panel(), title, description, "string", no_data).filterable(True)
    panel.mappings([style.absent("-")]).cell_height(looks.TableCellHeight.SM)
    for name, properties in columns.items():
        panel.override_by_name(name, properties)
    return _reading(panel, query, WIDTH, LIST)


def scatter(title: str, description: str, unit: str, query: Query) -> xychart.Panel:
    """Return a point for each row of ``query``, from its first number along to its second one up."""
    panel = _begin(xychart.Panel(), title, description, unit, "No days with both in this time range")
    panel.mapping(SeriesMapping.AUTO).series([]).legend(_legend())
    panel.tooltip(common.VizTooltipOptions().mode(looks.TooltipDisplayMode.SINGLE).sort(looks.SortOrder.NONE))
    return _reading(panel, query, WIDTH // 2, CHART)


def note(title: str, markdown: str) -> text.Panel:
    """Return a panel of words."""
    panel = text.Panel().title(title).description(title).mode(TextMode.MARKDOWN).content(markdown)
    return panel.span(WIDTH).height(TILE).transparent(True)
