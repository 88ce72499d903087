"""The frame that every dashboard has alike: its address, its links to the others, and what viewers may choose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders.dashboard import AnnotationQuery, Dashboard, DashboardLink, Row
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard
from grafana_foundation_sdk.models.common import TimeZoneBrowser
from grafana_foundation_sdk.models.dashboard import AnnotationTarget, Panel

from deploy.grafana import sources, style
from deploy.grafana.variables import Variable

TAG: Final = "pharos"
COVERAGE: Final = (
    "**Coverage** is the share of the period that measurements cover. A figure is *final* when its period is over and "
    "it lies within 5 % of its bounds, *provisional* within 20 %, and beyond that there is **no figure**: what is "
    "absent is never counted as zero. The **estimated share** is the part of an amount that is exact in sum, but whose "
    "place in time is interpolated over a silence of the meter. Every figure can be traced to its readings, factors "
    "and rules: `pharos kpi lineage VALUE_ID`."
)


@dataclass(frozen=True)
class Section:
    """A row of a dashboard and its panels, which fill a grid of 24 columns from left to right."""

    title: str
    panels: Sequence[Builder[Panel]]


@dataclass(frozen=True)
class Page:
    """One dashboard: ``name`` is the end of its address and of its file; ``since`` the beginning of its time range.

    ``has_alarms``: major alarms of the city are marked on its curves.
    """

    name: str
    title: str
    description: str
    variables: Sequence[Variable]
    sections: Sequence[Section]
    since: str = "now-30d"
    refresh: str = "1m"
    has_alarms: bool = False

    @property
    def uid(self) -> str:
        """What Grafana knows it by."""
        return f"{TAG}-{self.name}"

    def build(self) -> dashboard.Dashboard:
        """Return it as Grafana's model of a dashboard."""
        page = Dashboard(self.title).uid(self.uid).description(self.description).tags([TAG]).readonly()
        page.time(self.since, "now").timezone(TimeZoneBrowser).refresh(self.refresh)
        page.tooltip(dashboard.DashboardCursorSync.CROSSHAIR).week_start("monday").variables(list(self.variables))
        page.links([_others()])
        if self.has_alarms:
            page.annotation(_alarms())
        for section in self.sections:
            page.with_row(Row(section.title))
            for panel in section.panels:
                page.with_panel(panel)
        built = page.build()
        for number, panel_or_row in enumerate(built.panels or [], start=1):
            panel_or_row.id_val = number
        return built


Maker = Callable[[], Page]


def _others() -> DashboardLink:
    """Link to every dashboard of Pharos, keeping what the viewer chose."""
    link = DashboardLink("Pharos").type(dashboard.DashboardLinkType.DASHBOARDS).tags([TAG]).icon("external link")
    link.tooltip("The other dashboards of Pharos").as_dropdown(False)
    return link.include_vars(True).keep_time(True)


class _Marks(AnnotationTarget):
    """The query of an annotation, which the SDK has no type for where its source is a database."""

    def to_json(self) -> dict[str, object]:
        """Return it as Grafana stores it."""
        return sources.SqlQuery(sources.query("alarm_marks"), "table", "Anno").to_json()


class _BuiltMarks(Builder[AnnotationTarget]):
    def build(self) -> AnnotationTarget:
        return _Marks()


def _alarms() -> AnnotationQuery:
    """Mark on every curve when major alarms of the city were raised and cleared."""
    marks = AnnotationQuery().name("Alarms").enable(True).icon_color(style.BAD)
    return marks.datasource(sources.source(sources.POSTGRESQL)).target(_BuiltMarks())
