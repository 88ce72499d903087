"""Figures of indicators as a table: one row a figure, with its bounds, its factors and its number."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from ingest.model.calendar import Period
from ingest.model.time import from_micros
from kpi_engine.api.instants import micros
from kpi_engine.engine import days_on_reading
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.errors import NotKeptError
from kpi_engine.export.errors import ExportError
from kpi_engine.export.period_labels import period_label
from kpi_engine.export.scope import DayRange, Edge
from kpi_engine.export.table import ColumnKind, Table, TableColumn
from kpi_engine.figures.store import KnownFigure
from kpi_engine.indicator import Indicator
from kpi_engine.subjects.subject import Subject
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection

COLUMNS: Final = (
    TableColumn("city", ColumnKind.TEXT, "The city."),
    TableColumn("site", ColumnKind.TEXT, "The site; empty for the city as a whole, and for a group."),
    TableColumn("group", ColumnKind.TEXT, "The group of the city; empty for others."),
    TableColumn("kpi", ColumnKind.TEXT, "The indicator."),
    TableColumn("title", ColumnKind.TEXT, "The indicator in words."),
    TableColumn("unit", ColumnKind.TEXT, "Unit of value, lower and upper."),
    TableColumn("period", ColumnKind.TEXT, "day, month or year."),
    TableColumn("label", ColumnKind.TEXT, "The period on the calendar of the city."),
    TableColumn("zone", ColumnKind.TEXT, "IANA time zone of the city."),
    TableColumn("period_start", ColumnKind.INSTANT, "Start of the period."),
    TableColumn("period_end", ColumnKind.INSTANT, "End of the period, excluded."),
    TableColumn("through", ColumnKind.INSTANT, "Up to when the period was computed."),
    TableColumn("value", ColumnKind.NUMBER, "Empty where it can be wrong by too much; reason says why."),
    TableColumn("lower", ColumnKind.NUMBER, "The value is at least this, by what is known; empty: nothing bounds it."),
    TableColumn("upper", ColumnKind.NUMBER, "The value is at most this, by what is known; empty: nothing bounds it."),
    TableColumn("coverage", ColumnKind.NUMBER, "Share of the period that measurements cover.", "1"),
    TableColumn("estimated_share", ColumnKind.NUMBER, "Part of the amount whose place in time is interpolated.", "1"),
    TableColumn("status", ColumnKind.TEXT, "final, provisional or insufficient."),
    TableColumn("reason", ColumnKind.TEXT, "What is missing or said beside it, in words."),
    TableColumn("due", ColumnKind.BOOLEAN, "What it was computed from has changed: it is computed again soon."),
    TableColumn("factors", ColumnKind.TEXT, "Factors used, each with its version."),
    TableColumn("cause", ColumnKind.TEXT, "Why it was computed."),
    TableColumn("cause_detail", ColumnKind.TEXT, "What exactly moved."),
    TableColumn("revision", ColumnKind.INTEGER, "From 1 on; empty of what is computed when it is asked for."),
    TableColumn("computed_at", ColumnKind.INSTANT, "When it became known."),
    TableColumn("rule_version", ColumnKind.TEXT, "The rules it follows."),
    TableColumn("code_version", ColumnKind.TEXT, "The code that computed it."),
    TableColumn("inputs_hash", ColumnKind.TEXT, "Digest of everything it was computed from."),
    TableColumn("value_id", ColumnKind.INTEGER, "Number of the figure, for its lineage; empty of what is not kept."),
)
_STORED: Final = [one.name for one in COLUMNS if one.name not in {"title", "label", "zone", "factors"}]


@dataclass(frozen=True)
class FiguresWanted:
    """Which figures; of what is empty, every one. ``with_sites`` and ``with_groups``: those beside the cities.

    ``shown``: takes out what whoever asks may not see.
    """

    cities: Sequence[str]
    period: Period
    days: DayRange
    kpis: Collection[str] = ()
    sites: Collection[str] = ()
    groups: Collection[str] = ()
    with_city: bool = True
    with_sites: bool = False
    with_groups: bool = False
    as_of: Edge | None = None
    shown: Callable[[list[KnownFigure]], list[KnownFigure]] = list

    def known_at(self, zone: str) -> datetime | None:
        """Return when they are to have been known, a day at its start by the clocks of ``zone``; None: now."""
        return None if self.as_of is None else from_micros(micros(self.as_of, zone))

    def takes(self, subject: Subject) -> bool:
        """Whether the figures of a subject are asked for."""
        if subject.city.name not in self.cities:
            return False
        if subject.site is not None:
            return self.with_sites or subject.site in self.sites
        if subject.group is not None:
            return self.with_groups or subject.group in self.groups
        return self.with_city

    def asks(self, indicator: Indicator[Any]) -> bool:
        """Whether figures of an indicator are asked for, and it has some of this period."""
        return self.period in indicator.periods and (not self.kpis or indicator.name in self.kpis)


def figures(connection: Connection, index: SubjectIndex, wanted: FiguresWanted, about: Mapping[str, str]) -> Table:
    """Return the figures asked for: city by city, the city before its sites and groups, indicator by indicator."""
    subjects = sorted(filter(wanted.takes, index.subjects.values()), key=_order)
    _check(subjects, wanted)

    def portions() -> Iterator[pl.DataFrame]:
        for subject in subjects:
            for indicator in sorted(subject.indicators, key=lambda one: one.name):
                if wanted.asks(indicator):
                    found = wanted.shown(_found(connection, index, subject, indicator, wanted))
                    yield _frame(subject, indicator, found)

    return Table("kpis", f"Figures by {wanted.period}", COLUMNS, about, portions)


def _check(subjects: Sequence[Subject], wanted: FiguresWanted) -> None:
    """Refuse what can have no answer, before anything is written."""
    for subject in subjects:
        wanted.days.within(subject.zone)
    for kind, asked, known in (
        ("site", wanted.sites, {one.site for one in subjects}),
        ("group", wanted.groups, {one.group for one in subjects}),
    ):
        if unknown := set(asked) - known - {"*"}:
            raise ExportError(f"there are no figures of {kind} {', '.join(sorted(unknown))}")
    if wanted.as_of is None or wanted.period is not Period.DAY:
        return
    for subject in subjects:
        for indicator in subject.indicators:
            if wanted.asks(indicator) and not subject.keeps(indicator, wanted.period):
                raise ExportError(str(NotKeptError(indicator.name, str(subject.name))))


def _found(
    connection: Connection, index: SubjectIndex, subject: Subject, indicator: Indicator[Any], wanted: FiguresWanted
) -> list[KnownFigure]:
    within = wanted.days.within(subject.zone)
    span = (within.start, within.end)
    asked = FiguresAsked.overlapping(indicator, wanted.period, span, subject.zone, wanted.known_at(subject.zone))
    return days_on_reading.figures(connection, index, [subject.name], asked)


def _frame(subject: Subject, indicator: Indicator[Any], found: list[KnownFigure]) -> pl.DataFrame:
    columns: dict[str, list[Any]] = {name: [getattr(one, name) for one in found] for name in _STORED}
    columns["label"] = [period_label(one.period_start, one.period, subject.zone) for one in found]
    columns["factors"] = ["; ".join(map(factor_words, one.factors)) for one in found]
    schema = {one.name: one.kind.value for one in COLUMNS if one.name in columns}
    return pl.DataFrame(columns, schema=schema).with_columns(
        pl.lit(indicator.title).alias("title"), pl.lit(subject.zone).alias("zone")
    )


def factor_words(factor: Mapping[str, Any]) -> str:
    """Return a factor as a figure names it: its name or series, and its version."""
    return " ".join(str(factor[key]) for key in ("name", "series", "version") if factor.get(key) is not None)


def _order(subject: Subject) -> tuple[str, bool, str, str]:
    is_part = subject.site is not None or subject.group is not None
    return subject.city.name, is_part, subject.site or "", subject.group or ""
