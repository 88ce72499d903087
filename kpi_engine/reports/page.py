"""The report as a page to read and to print: HTML that needs nothing beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ingest.model.calendar import Period
from kpi_engine.figures.status import FigureStatus, number
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS
from kpi_engine.reports.chart import months_chart
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenSavings

_FACTOR: Final = ("name", "series", "version", "value", "unit", "valid_from", "valid_to", "source", "page")


@dataclass(frozen=True)
class Section:
    """One indicator of one subject: the year where the report is of one, and its months."""

    subject: str
    indicator: Indicator[Any]
    whole: FrozenFigure | None
    months: Sequence[FrozenFigure]

    @property
    def chart(self) -> Markup:
        """The months drawn."""
        return Markup(months_chart(self.indicator.title, self.months))  # noqa: S704 - our own SVG

    @property
    def figures(self) -> Iterator[FrozenFigure]:
        """The year, then the months."""
        yield from ([] if self.whole is None else [self.whole])
        yield from self.months


def render(report: Mapping[str, Any], figures: Sequence[FrozenFigure], savings: Sequence[FrozenSavings] = ()) -> str:
    """Return the page of a report; ``figures`` in the order of the archive, their inputs are not looked at."""
    environment = Environment(
        loader=PackageLoader("kpi_engine.reports"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number_or_nothing
    environment.filters["percent"] = percent
    sections = list(sections_of(figures))
    return environment.get_template("report.html").render(
        report=report,
        sections=sections,
        is_one_month=all(len(list(section.figures)) == 1 for section in sections),
        missing=[one for one in figures if one.status == FigureStatus.INSUFFICIENT],
        provisional=sum(one.status == FigureStatus.PROVISIONAL for one in figures),
        final=sum(one.status == FigureStatus.FINAL for one in figures),
        factors=factors_of(figures),
        savings=savings,
        methods={section.indicator.name: section.indicator for section in sections},
    )


def number_or_nothing(value: float | None) -> str:
    """Return a number as people read it, nothing for none."""
    return "" if value is None else number(value)


def percent(share: float | None) -> str:
    """Return a share in percent, nothing for none."""
    return "" if share is None else f"{share:.1%}"


def sections_of(figures: Sequence[FrozenFigure]) -> Iterator[Section]:
    """Yield each indicator of each subject, in the order of the archive."""
    for (subject, kpi), every in groupby(figures, lambda one: (one.subject, one.kpi)):
        found = list(every)
        whole = next((one for one in found if one.period == Period.YEAR), None)
        yield Section(subject, INDICATORS[kpi], whole, [one for one in found if one.period == Period.MONTH])


def factors_of(figures: Sequence[FrozenFigure]) -> list[dict[str, Any]]:
    """Return every published factor once, and hourly series by their names."""
    used = {(one.get("name", one.get("series")), one.get("version")): one for each in figures for one in each.factors}
    ordered = [used[key] for key in sorted(used, key=lambda key: tuple(map(str, key)))]
    return [{name: one.get(name) for name in _FACTOR} for one in ordered]
