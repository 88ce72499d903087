"""``pharos kpi over``: figures of rolling years, heating seasons and reporting years."""

from dataclasses import asdict
from time import time_ns
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deploy import registered, settings, tables
from deploy.civil_time import span
from deploy.kpi.answers import bounds, print_json, print_table
from deploy.kpi.options import CityName, End, GroupName, Kpi, SiteName, Start
from deploy.options import Json
from ingest.model.time import to_micros
from kpi_engine.engine.on_reading import SpanFigure, SpansOf, figures_over
from kpi_engine.errors import KpiError
from kpi_engine.figures.named_spans import SpanKind, months_asked, spans
from kpi_engine.indicators import indicator
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from processors.storage import database


def add_to(group: typer.Typer) -> None:
    """Add the command to those of ``pharos kpi``."""
    group.command()(over)


def over(  # noqa: PLR0913, PLR0917 - a span is found by all of these
    kpi: Kpi,
    city: CityName,
    start: Start,
    end: End,
    kind: Annotated[SpanKind, typer.Option(help="Which spans.")] = SpanKind.ROLLING_YEAR,
    site: SiteName = None,
    group: GroupName = None,
    first_month: Annotated[int | None, typer.Option(min=1, max=12, help="Of a season or reporting year.")] = None,
    end_month: Annotated[int | None, typer.Option(min=1, max=12, help="After the last month of a season.")] = None,
    as_json: Json = False,
) -> None:
    """Compute figures of rolling years, heating seasons or reporting years that begin in a range, as known now.

    They are computed when asked for, and have no revisions.

    Example: pharos kpi over heat_delivered --city sonderborg --kind heating-season --from 2025-01-01 --to 2027-01-01
    """
    chosen = indicator(kpi)
    with database.connect(settings.load().database(), "pharos kpi over") as connection:
        name = SubjectName(city, site, group)
        registered.require_subject(connection, name)
        index = subject_index.load(connection)
        subject = index.by_name.get(name)
        if subject is None or chosen not in subject.indicators:
            raise KpiError(f"{kpi} is not computed for {name}")
        first, last = (to_micros(one) for one in span(start, end, subject.zone))
        wanted = spans(kind, first, last, subject.zone, months_asked(first_month, end_month))
        asked = SpansOf(subject, chosen, wanted)
        found = figures_over(connection, asked, time_ns() // 1_000)
    if not found:
        raise KpiError(f"no {kind} has begun from {start} to {end}")
    if as_json:
        print_json([asdict(one) for one in found])
        return
    rows = [_row(one, subject.zone) for one in found]
    print_table(("start", "end", f"value ({chosen.unit})", "between", "status", "coverage"), rows)
    for row, one in zip(rows, found, strict=True):
        if one.reason:
            typer.echo(f"{row[0]}: {one.reason}")


def _row(one: SpanFigure, zone: str) -> tuple[str, ...]:
    days = (f"{edge.astimezone(ZoneInfo(zone)):%Y-%m-%d}" for edge in (one.start, one.end))
    value = "" if one.value is None else f"{one.value:,.4f}"
    return (*days, value, bounds(one), one.status, tables.percent(one.coverage))
