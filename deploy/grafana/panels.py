"""Kinds of panels, each with what every panel must have: a title, a description, a unit and a text for no data.

Widths are in columns of a grid of 24; where another one is wanted, ``span`` sets it.
"""

from string import ascii_uppercase
from typing import Final, TypeVar

from grafana_foundation_sdk.builders import bargauge, common, stat, table, text, timeseries
from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig as Thresholds
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common as looks
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue as Property
from grafana_foundation_sdk.models.text import TextMode

from deploy.grafana import sources, style

Query = Builder[Dataquery]
WIDTH: Final = 24
BARS: Final = "One bar for each period, so far where it still runs; the points are its coverage."
TILE, CHART, LIST = 4, 9, 10  # heights

_Panel = TypeVar("_Panel", stat.Panel, timeseries.Panel, table.Panel, bargauge.Panel)


def _begin(panel: _Panel, title: str, description: str, unit: str, no_data: str) -> _Panel:
    panel.title(title).description(description).unit(unit).no_value(no_data)
    return panel


def _reading(panel: _Panel, query: Query, width: int, height: int, kind: str = sources.POSTGRESQL) -> _Panel:
    panel.datasource(sources.source(kind)).with_target(query).span(width).height(height)
    return panel


def figure(title: str, description: str, unit: str, colour: str, kpi: str) -> stat.Panel:
    """Return a tile with the newest figure of an indicator for a period that is over, and its ``coverage``."""
    panel = _begin(stat.Panel(), title, description, unit, "No period is over yet")
    panel.mappings([style.absent(style.NO_VALUE)]).color_scheme(style.fixed(colour))
    panel.override_by_name("coverage", style.share("coverage"))
    panel.reduce_options(common.ReduceDataOptions().calcs(["last"]))
    panel.graph_mode(looks.BigValueGraphMode.NONE).color_mode(looks.BigValueColorMode.VALUE)
    panel.orientation(looks.VizOrientation.VERTICAL).text_mode(looks.BigValueTextMode.VALUE_AND_NAME)
    return _reading(panel, sources.curves("kpi_newest", kpi=kpi), 6, TILE + 1)


def now(title: str, description: str, unit: str, query: Query) -> stat.Panel:
    """Return a tile with values of this moment; one whose device is not live says so instead."""
    panel = _begin(stat.Panel(), title, description, unit, "No such device")
    panel.mappings([style.absent("not live")]).color_scheme(style.fixed(style.CITY))
    panel.reduce_options(common.ReduceDataOptions().values(True).calcs(["last"]).fields("/^value$/").limit(2))
    panel.graph_mode(looks.BigValueGraphMode.NONE).color_mode(looks.BigValueColorMode.VALUE)
    return _reading(panel, query, 4, TILE)


def states(title: str, query: Query) -> stat.Panel:
    """Return a tile with the number of devices in each state."""
    description = (
        "Devices by state. live: its newest value is as young as it promises; late: it sends, but old values; "
        "stale: it missed its time; silent: by far, or it never sent; clock_wrong: its times cannot be true."
    )
    panel = _begin(stat.Panel(), title, description, "none", "No devices")
    for state, colour in style.STATES.items():
        panel.override_by_name(
            state, [Property("color", {"mode": "fixed", "fixedColor": colour}), Property("displayName", state)]
        )
    panel.mappings([style.absent("-")])
    panel.reduce_options(common.ReduceDataOptions().calcs(["last"]))
    panel.graph_mode(looks.BigValueGraphMode.NONE).color_mode(looks.BigValueColorMode.VALUE)
    panel.text_mode(looks.BigValueTextMode.VALUE_AND_NAME).justify_mode(looks.BigValueJustifyMode.CENTER)
    return _reading(panel, query, 8, TILE)


def gauge(title: str, description: str, unit: str, colours: Thresholds, named: dict[str, str]) -> stat.Panel:
    """Return a tile with the newest value of a Prometheus expression, ``named`` by its legend, in colours."""
    panel = _begin(stat.Panel(), title, description, unit, "Not exported")
    panel.thresholds(colours).mappings([style.absent("absent")])
    panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    panel.graph_mode(looks.BigValueGraphMode.AREA).color_mode(looks.BigValueColorMode.VALUE)
    panel.datasource(sources.source(sources.PROMETHEUS)).span(4).height(TILE)
    return panel.targets(_metrics(named))


def history(title: str, unit: str, colour: str, kpi: str, legend: str = "") -> timeseries.Panel:
    """Return a bar of an indicator for each period, with its coverage as points on the right axis."""
    panel = _chart(title, BARS, unit, "No figures in this time range").draw_style(looks.GraphDrawStyle.BARS)
    panel.fill_opacity(70).color_scheme(style.fixed(colour)).axis_soft_min(0)
    drawn = {"custom.drawStyle": "points", "custom.pointSize": 4, "custom.axisPlacement": "right"}
    coverage = [Property(name, value) for name, value in drawn.items()]
    coverage += [Property("min", 0), Property("max", 1), Property("color", {"mode": "fixed", "fixedColor": "text"})]
    panel.override_by_name("Coverage", [*style.share("Coverage", None), *coverage])
    return _reading(panel, sources.curves("kpi_history", kpi=kpi, title=legend or title), WIDTH // 2, CHART)


def bars(title: str, description: str, unit: str, query: Query) -> timeseries.Panel:
    """Return bars side by side, one for each metric of ``query``."""
    panel = _chart(title, description, unit, "No figures in this time range").draw_style(looks.GraphDrawStyle.BARS)
    return _reading(panel.fill_opacity(60).axis_soft_min(0), query, WIDTH // 2, CHART)


def curve(title: str, description: str, unit: str, query: Query) -> timeseries.Panel:
    """Return a line for each metric of ``query``; where nothing is known the line is broken."""
    panel = _chart(title, description, unit, "No data of this site in this time range")
    return _reading(panel.fill_opacity(8), query, WIDTH // 2, CHART)


def rate(title: str, description: str, unit: str, named: dict[str, str]) -> timeseries.Panel:
    """Return the lines of Prometheus expressions ``named`` by their legends."""
    panel = _chart(title, description, unit, "Nothing is exported: see the targets of Prometheus").fill_opacity(8)
    panel.axis_soft_min(0).datasource(sources.source(sources.PROMETHEUS)).span(WIDTH // 2).height(CHART - 1)
    return panel.targets(_metrics(named))


def _metrics(named: dict[str, str]) -> list[Query]:
    lines = zip(ascii_uppercase, named.items(), strict=False)
    return [sources.metric(expression, legend, ref) for ref, (legend, expression) in lines]


def _chart(title: str, description: str, unit: str, no_data: str) -> timeseries.Panel:
    panel = _begin(timeseries.Panel(), title, description, unit, no_data)
    panel.line_width(1).span_nulls(False).show_points(looks.VisibilityMode.AUTO)
    panel.tooltip(common.VizTooltipOptions().mode(looks.TooltipDisplayMode.MULTI).sort(looks.SortOrder.DESCENDING))
    legend = common.VizLegendOptions().show_legend(True)
    return panel.legend(
        legend.display_mode(looks.LegendDisplayMode.LIST).placement(looks.LegendPlacement.BOTTOM).calcs([])
    )


def listing(
    title: str, description: str, query: Query, columns: dict[str, list[Property]], no_data: str
) -> table.Panel:
    """Return a table; ``columns`` are the properties of each column by its name, with its unit where it is a number."""
    panel = _begin(table.Panel(), title, description, "none", no_data).filterable(True)
    panel.mappings([style.absent("-")]).cell_height(looks.TableCellHeight.SM)
    for name, properties in columns.items():
        panel.override_by_name(name, properties)
    return _reading(panel, query, WIDTH, LIST)


def bar_per_row(title: str, description: str, unit: str, query: Query) -> bargauge.Panel:
    """Return a horizontal bar for each row of ``query``, named by its first column."""
    panel = _begin(bargauge.Panel(), title, description, unit, "Nothing").mappings([style.absent("-")]).min(0)
    panel.reduce_options(common.ReduceDataOptions().values(True).calcs(["last"]).limit(20))
    panel.display_mode(looks.BarGaugeDisplayMode.BASIC).orientation(looks.VizOrientation.HORIZONTAL)
    return _reading(panel, query, WIDTH // 2, CHART)


def note(title: str, markdown: str) -> text.Panel:
    """Return a panel of words."""
    panel = text.Panel().title(title).description(title).mode(TextMode.MARKDOWN).content(markdown)
    return panel.span(WIDTH).height(TILE).transparent(True)
