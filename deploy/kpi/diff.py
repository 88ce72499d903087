"""``pharos kpi diff``: what two answers about the same figures say differently, and why."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from deploy import registered, settings, tables
from deploy.civil_time import instant, span
from deploy.kpi.answers import print_json
from deploy.kpi.options import GroupName, SiteName
from deploy.options import Json
from ingest.model.calendar import Period
from ingest.model.time import to_micros
from kpi_engine.differences.compared import DifferingFigure, computed_apart, known_apart
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.errors import KpiError
from kpi_engine.export.period_labels import period_label
from kpi_engine.export.source import one_moment
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.figures.status import number
from kpi_engine.figures.store import KnownFigure
from kpi_engine.indicators import INDICATORS, indicator
from kpi_engine.reports.archive import reading
from kpi_engine.reports.differences import ReportDifference, differences
from kpi_engine.reports.freezing import ReportScope, frozen_figures
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.period import ReportPeriod
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from processors.storage import database

NOW: Final = "now"
PUBLISHED: Final = ("kpi", "site", "group", "label", "value", "lower", "upper", "unit", "status", "reason", "revision")


def add_to(group: typer.Typer) -> None:
    """Add the command to those of ``pharos kpi``."""
    group.command()(diff)


def diff(  # noqa: PLR0913, PLR0917 - figures are found by all of these
    before: Annotated[str, typer.Argument(help="A day or instant, a report, or an indicator.", metavar="A")],
    after: Annotated[str, typer.Argument(help="A later one of the same, or `now`.", metavar="B")],
    kpi: Annotated[list[str] | None, typer.Option(help="Of two instants: these indicators; else all.")] = None,
    city: Annotated[str | None, typer.Option(help="The city; a report says its own.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day in the city's time, or an instant.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="The day or instant after the last.")] = None,
    site: SiteName = None,
    group: GroupName = None,
    period: Annotated[FigurePeriod, typer.Option(help="Length of the periods.")] = FigurePeriod.MONTH,
    as_json: Json = False,
) -> None:
    """Explain what figures say differently: as known at two instants, in two reports, or by two methods.

    Example: pharos kpi diff 2026-04-01 now --city sonderborg --from 2026-01-01 --to 2026-04-01
    """
    if Path(before).is_file():
        _show([_of_report(one) for one in _reports(Path(before), after)], as_json)
        return
    if city is None or start is None or end is None:
        raise typer.BadParameter(
            "expected --city, --from and --to beside two instants or indicators, or the file of a report",
            param_hint="A",
        )
    with database.connect(settings.load().database(), "pharos kpi diff") as connection:
        name = SubjectName(city, site, group)
        registered.require_subject(connection, name)
        index = subject_index.load(connection)
        zone = index.select(*name)[0].zone
        first, last = (to_micros(edge) for edge in span(start, end, zone))

        def asked(one: str, as_of: datetime | None = None) -> FiguresAsked:
            return FiguresAsked.overlapping(indicator(one), Period(period), (first, last), zone, as_of)

        found: list[DifferingFigure] = []
        if before in INDICATORS:
            found = computed_apart(connection, index, [name], asked(before), indicator(after))
        else:
            was, now = instant(before, zone, "A"), None if after == NOW else instant(after, zone, "B")
            if now and was >= now:
                raise KpiError(f"A {before}: expected an instant before B {after}")
            computed = index.by_name[name].indicators if name in index.by_name else ()
            every = [one.name for one in computed if Period(period) in one.periods]
            for one in kpi or sorted(every):
                found += known_apart(connection, index, [name], asked(one, now), was)
    _show([_of_store(one, zone) for one in found], as_json)


def _reports(before: Path, after: str) -> list[ReportDifference[FrozenFigure]]:
    """Return what a later report says differently, or the store by now."""
    with ExitStack() as held:
        former = held.enter_context(reading(before))
        if after != NOW:
            return list(differences(former.figures(), held.enter_context(reading(Path(after))).figures()))
        about = former.report()
        connection = held.enter_context(one_moment(settings.load().database(), "pharos kpi diff"))
        registered.require_city(connection, about["city"])
        scope = ReportScope(about["city"], ReportPeriod.parse(about["period"]), about["sites"])
        return list(differences(former.figures(), frozen_figures(connection, subject_index.load(connection), scope)))


_Line = tuple[str, dict[str, object] | None, dict[str, object] | None, tuple[str, ...]]


def _of_report(one: ReportDifference[FrozenFigure]) -> _Line:
    return one.name, _published_fields(one.before), _published_fields(one.after), one.why


def _of_store(one: DifferingFigure, zone: str) -> _Line:
    some = one.after or one.before
    kpi = "" if some is None else f"{some.kpi} of {some.site or some.group or some.city}, "
    kind = "" if some is None else period_label(one.period_start, some.period, zone)
    return f"{kpi}{kind}", _published_fields(one.before), _published_fields(one.after), one.why


def _published_fields(figure: KnownFigure | FrozenFigure | None) -> dict[str, object] | None:
    if figure is None:
        return None
    fields = asdict(figure) if isinstance(figure, KnownFigure) else figure.model_dump()
    return {name: fields[name] for name in PUBLISHED if name in fields}


def _show(lines: Sequence[_Line], as_json: bool) -> None:
    if as_json:
        print_json([dict(zip(("figure", "before", "after", "why"), line, strict=True)) for line in lines])
        return
    if not lines:
        typer.echo("Both say the same of every figure.")
        return
    table = tables.table("figure", "before", "after", "why")
    for figure, was, now, why in lines:
        table.add_row(figure, _words(was), _words(now), "; ".join(why))
    tables.show(table)


def _words(fields: dict[str, object] | None) -> str:
    if fields is None:
        return "none"
    value = fields["value"]
    return (
        f"{number(value)} {fields['unit']}, {fields['status']}"
        if isinstance(value, float)
        else f"none ({fields['reason']})"
    )
