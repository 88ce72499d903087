"""The open figures of a city as a page for everybody: HTML that needs no script, no login and nothing beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from jinja2 import Environment

from ingest.model.calendar import Period
from kpi_engine import page_templates
from kpi_engine.export.period_labels import period_label
from kpi_engine.figures.status import number
from kpi_engine.figures.store import StoredFigure
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS
from kpi_engine.open_data.opened import OpenedCity

STATUSES: Final = {
    "final": "the period has ended, and the figure can be wrong by little",
    "provisional": "the period goes on, or more is missing",
    "insufficient": "it can be wrong by too much, so no value is given",
}


@dataclass(frozen=True)
class OpenRow:
    """One figure as the page has it; ``reach``: where its bounds and its value lie on the table's scale."""

    figure: StoredFigure
    label: str
    reach: "BoundsReach | None"


@dataclass(frozen=True)
class BoundsReach:
    """Left end and width of what a figure lies between, and the place of its value; in percent of a scale."""

    left: float
    width: float
    value: float | None


@dataclass(frozen=True)
class OpenTable:
    """The years, or the months, of one indicator of one subject."""

    indicator: Indicator[Any]
    period: str
    rows: Sequence[OpenRow]


@dataclass(frozen=True)
class OpenSubject:
    """The city as a whole, or a group, and what is told of it."""

    title: str
    anchor: str
    tables: Sequence[OpenTable]

    @property
    def indicators(self) -> list[tuple[Indicator[Any], list[OpenTable]]]:
        """Each indicator with its years and its months."""
        return [(key, list(every)) for key, every in groupby(self.tables, lambda one: one.indicator)]


def render(one: OpenedCity, figures: Sequence[StoredFigure]) -> str:
    """Return the page of a city; ``figures`` as ``recent`` gives them."""
    return (
        _environment()
        .get_template("open.html")
        .render(
            city=one.city,
            terms=one.terms,
            withheld=one.withheld,
            subjects=list(_subjects(one, figures)),
            statuses=STATUSES,
            periods=[Period.MONTH.value, Period.YEAR.value],
        )
    )


def render_list(cities: Sequence[OpenedCity]) -> str:
    """Return the page that names the cities that have opened figures."""
    return _environment().get_template("cities.html").render(cities=cities)


def _environment() -> Environment:
    return page_templates.environment(
        "kpi_engine.open_data",
        number=lambda value: "" if value is None else number(value),
        percent=lambda share: "" if share is None else f"{share:.1%}",
    )


def _subjects(one: OpenedCity, figures: Sequence[StoredFigure]) -> Iterator[OpenSubject]:
    titles = {group.name: group.title or group.name for group in one.city.groups}
    for group, every in groupby(figures, lambda figure: figure.group):
        title = one.city.title if group is None else titles.get(group, group)
        yield OpenSubject(title, f"group-{group}" if group else "city", list(_tables(one, list(every))))


def _tables(one: OpenedCity, figures: Sequence[StoredFigure]) -> Iterator[OpenTable]:
    for (kpi, period), every in groupby(figures, lambda figure: (figure.kpi, figure.period)):
        found = list(every)
        ends = [end for each in found for end in (each.lower, each.upper, each.value) if end is not None]
        scale = min(0.0, *ends) if ends else 0.0, max(0.0, *ends) if ends else 0.0
        rows = [
            OpenRow(each, period_label(each.period_start, period, one.city.timezone), _reach(each, *scale))
            for each in found
        ]
        yield OpenTable(INDICATORS[kpi], period, rows)


def _reach(figure: StoredFigure, least: float, most: float) -> BoundsReach | None:
    if figure.lower is None or figure.upper is None or most <= least:
        return None

    def place(value: float) -> float:
        return round(100.0 * (value - least) / (most - least), 2)

    left = place(figure.lower)
    value = None if figure.value is None else place(figure.value)
    return BoundsReach(left, round(place(figure.upper) - left, 2), value)
