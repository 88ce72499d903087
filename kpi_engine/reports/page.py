"""The report as a page to read and to print: HTML that needs nothing beside it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from ingest.model.calendar import Period
from kpi_engine import page_templates
from kpi_engine.figures.status import FigureStatus, number
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS
from kpi_engine.reports.chart import months_chart
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.frozen_target import FrozenTarget
from kpi_engine.reports.path_chart import path_chart

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
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


@dataclass(frozen=True)
class TargetSection:
    """A target with its path drawn; what is to be read of it in words."""

    frozen: FrozenTarget

    @property
    def chart(self) -> Markup:
        """The path drawn."""
        return Markup(path_chart(self.frozen))  # noqa: S704 - our own SVG

    @property
    def title(self) -> str:
        """Indicator and whose it is."""
        indicator = INDICATORS.get(self.frozen.indicator)
        name = indicator.title if indicator else self.frozen.indicator
        part = self.frozen.site or self.frozen.group
        return f"{name}, {part}" if part else name

    @property
    def document(self) -> str:
        """What it is called, and the document that says so."""
        said = self.frozen.declared
        return ", ".join(filter(None, [f"{said['title']} ({said['source']}", said.get("page")])) + ")"

    @property
    def verdict(self) -> str:
        """How it stands, in which year."""
        said = self.frozen.said
        if said is None:
            return f"unknown: {self.frozen.unfit}"
        year = "" if said.year is None else f" {said.year}{' (so far)' if said.is_early else ''}"
        return f"{said.status.replace('_', ' ')}{year}"

    @property
    def baseline(self) -> str:
        """The year that the path begins at, with its value."""
        said, year = self.frozen.said, self.frozen.declared["baseline"]["year"]
        value = "not known" if said is None or said.baseline.value is None else number(said.baseline.value)
        return f"{year}: {value} {written_unit(self.frozen.unit or '')}".strip()

    @property
    def rows(self) -> Iterator[tuple[str, ...]]:
        """Year, what it is to be with bounds, its figure with bounds, and what that says."""
        for one in self.frozen.said.years if self.frozen.said else ():
            goal = (one.goal.value, one.goal.lower, one.goal.upper)
            found = (one.figure.value, one.figure.lower, one.figure.upper) if one.figure else (None, None, None)
            named = str(one.year) if one.is_named else f"{one.year} (on the line)"
            yield (named, *map(number_or_nothing, (*goal, *found)), one.status.replace("_", " "), one.reason or "")


def render(
    report: Mapping[str, Any],
    figures: Sequence[FrozenFigure],
    savings: Sequence[FrozenSavings] = (),
    targets: Sequence[FrozenTarget] = (),
) -> str:
    """Return the page of a report; ``figures`` in the order of the archive, their inputs are not looked at."""
    environment = page_templates.environment(
        "kpi_engine.reports", number=number_or_nothing, percent=percent, unit=written_unit, clock=clock
    )
    sections = list(sections_of(figures))
    return environment.get_template("report.html").render(
        report=report,
        sections=sections,
        subjects=[(subject, list(some)) for subject, some in groupby(sections, lambda one: one.subject)],
        is_one_month=all(len(list(section.figures)) == 1 for section in sections),
        missing=[one for one in figures if one.status == FigureStatus.INSUFFICIENT],
        provisional=sum(one.status == FigureStatus.PROVISIONAL for one in figures),
        final=sum(one.status == FigureStatus.FINAL for one in figures),
        factors=factors_of(figures),
        savings=savings,
        targets=[TargetSection(one) for one in targets],
        methods={section.indicator.name: section.indicator for section in sections},
    )


def number_or_nothing(value: float | None) -> str:
    """Return a number as people read it, nothing for none."""
    return "" if value is None else number(value)


def percent(share: float | None) -> str:
    """Return a share in percent, nothing for none."""
    return "" if share is None else f"{share:.1%}"


def written_unit(unit: str) -> str:
    """Return a unit as people write it, nothing for that of bare numbers."""
    return "" if unit == "1" else re.sub(r"\bm([23])\b", _power, unit).replace("degC", "°C").replace(".", "·")


def _power(found: re.Match[str]) -> str:
    return f"m{'²' if found[1] == '2' else '³'}"


def clock(instant: str, zone: str) -> str:
    """Return an RFC 3339 instant as calendar and clocks of a zone show it, with the zone."""
    at = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M:%S} ({zone}, {instant})"


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
