"""``pharos export``: figures, buckets and readings of many at once, as a file that other programs open."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import time_ns
from typing import IO, Annotated, Final

import polars as pl
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from deploy import registered, settings
from deploy.civil_time import edge
from deploy.command_group import CommandGroup
from deploy.options import Json
from ingest.model.calendar import Period
from kpi_engine.api.aggregates import Interval
from kpi_engine.export.aggregates import aggregates
from kpi_engine.export.figures import FiguresWanted, figures
from kpi_engine.export.formats import FORMATS, ExportFormat
from kpi_engine.export.observations import observations
from kpi_engine.export.scope import DayRange, SeriesScope
from kpi_engine.export.source import about, one_moment
from kpi_engine.export.table import Table
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.indicators import indicator
from kpi_engine.subjects import subject_index
from processors.storage.database import Connection
from processors.storage.registry.registry import city_names

EVERY: Final = "*"
SeriesTable = Callable[
    [Connection, SeriesScope, int, Mapping[str, str]], Table
]  # of a scope, at a time, with what is said of it
BY_SUFFIX: Final = {f".{kind.suffix}": name for name, kind in FORMATS.items()}

Out = Annotated[Path, typer.Option("--out", help="The file to write; its ending says the format.")]
Start = Annotated[str, typer.Option("--from", help="First day in the time of each city, or an RFC 3339 instant.")]
End = Annotated[str, typer.Option("--to", help="The day or instant after the last.")]
Cities = Annotated[list[str] | None, typer.Option("--city", help="A city; left out: every one. May be repeated.")]
Sites = Annotated[list[str] | None, typer.Option("--site", help="Only this site. May be repeated.")]
Devices = Annotated[list[str] | None, typer.Option("--device", help="Only this device. May be repeated.")]
Quantities = Annotated[list[str] | None, typer.Option("--quantity", help="Only this quantity. May be repeated.")]
Verticals = Annotated[list[str] | None, typer.Option("--vertical", help="Only this vertical. May be repeated.")]

_group = CommandGroup("export", "Tables to take home: CSV, Parquet, Excel, or a Frictionless data package (ZIP).")
register = _group.register


@_group.command("observations")
def observations_(  # noqa: PLR0913, PLR0917 - an option each
    out: Out,
    start: Start,
    end: End,
    city: Cities = None,
    site: Sites = None,
    vertical: Verticals = None,
    device: Devices = None,
    quantity: Quantities = None,
    as_json: Json = False,
) -> None:
    """Write readings as they are stored, with what they were judged to be.

    Example: pharos export observations --city sonderborg --from 2026-10-01 --to 2026-11-01 --out october.parquet
    """
    asked = {"site": site, "vertical": vertical, "device": device, "quantity": quantity}

    def of_readings(connection: Connection, scope: SeriesScope, _: int, description: Mapping[str, str]) -> Table:
        return observations(connection, scope, description)

    _write_series(out, _days(start, end), city, asked, of_readings, as_json=as_json)


@_group.command("aggregates")
def aggregates_(  # noqa: PLR0913, PLR0917 - an option each
    out: Out,
    start: Start,
    end: End,
    interval: Annotated[Interval, typer.Option(help="Width of a bucket.")] = Interval.DAY,
    city: Cities = None,
    site: Sites = None,
    vertical: Verticals = None,
    device: Devices = None,
    quantity: Quantities = None,
    as_json: Json = False,
) -> None:
    """Write series in civil buckets: sums with bounds, means, extremes, coverage.

    Example: pharos export aggregates --interval month --from 2026-01-01 --to 2027-01-01 --out year.xlsx
    """
    asked = {"site": site, "vertical": vertical, "device": device, "quantity": quantity}

    def of_buckets(connection: Connection, scope: SeriesScope, now: int, description: Mapping[str, str]) -> Table:
        return aggregates(connection, scope, interval, now, description)

    _write_series(out, _days(start, end), city, asked, of_buckets, as_json=as_json)


@_group.command("kpis")
def kpis_(  # noqa: PLR0913, PLR0917 - an option each
    out: Out,
    start: Start,
    end: End,
    period: Annotated[FigurePeriod, typer.Option(help="Figures of days, months or years.")] = FigurePeriod.MONTH,
    city: Cities = None,
    site: Annotated[list[str] | None, typer.Option(help="A site beside its city; * for every one.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="A group beside its city; * for every one.")] = None,
    kpi: Annotated[list[str] | None, typer.Option(help="Only this indicator. May be repeated.")] = None,
    as_of: Annotated[str | None, typer.Option(help="As known at this RFC 3339 instant or on this day.")] = None,
    as_json: Json = False,
) -> None:
    """Write figures of indicators with their bounds, factors and numbers.

    Example: pharos export kpis --city sonderborg --from 2026-01-01 --to 2027-01-01 --out figures.xlsx
    """
    known = None if as_of is None else edge(as_of, "--as-of")
    names = [indicator(name).name for name in kpi or ()]

    def make(connection: Connection, now: int) -> Table:
        wanted = FiguresWanted(
            cities=_cities(connection, city),
            period=Period(period),
            days=_days(start, end),
            kpis=names,
            sites=site or (),
            groups=group or (),
            with_sites=EVERY in (site or ()),
            with_groups=EVERY in (group or ()),
            as_of=known,
        )
        asked = {"city": wanted.cities, "site": site, "group": group, "kpi": names}
        description = about(now, wanted.days, asked, known)
        return figures(connection, subject_index.load(connection), wanted, description)

    _write(out, make, as_json=as_json)


def _days(start: str, end: str) -> DayRange:
    return DayRange(edge(start, "--from"), edge(end, "--to"))


def _write_series(  # noqa: PLR0913 - what of whom, made how, to where
    out: Path,
    days: DayRange,
    cities: list[str] | None,
    asked: Mapping[str, list[str] | None],
    table_of: SeriesTable,
    *,
    as_json: bool,
) -> None:
    """Write a table of series; ``asked`` names sites, verticals, devices and quantities."""
    sites, verticals, devices, quantities = (tuple(names or ()) for names in asked.values())

    def make(connection: Connection, now: int) -> Table:
        scope = SeriesScope(_cities(connection, cities), days, sites, verticals, devices, quantities)
        return table_of(connection, scope, now, about(now, days, {"city": scope.cities, **asked}))

    _write(out, make, as_json=as_json)


def _cities(connection: Connection, asked: list[str] | None) -> list[str]:
    for name in asked or ():
        registered.require_city(connection, name)
    return sorted(asked or city_names(connection))


def _write(out: Path, make: Callable[[Connection, int], Table], *, as_json: bool) -> None:
    """Write a table beside ``out``, give it that name when it is whole, and say what it holds."""
    if out.suffix not in BY_SUFFIX:
        raise typer.BadParameter(f"{out}: expected a name that ends in {', '.join(BY_SUFFIX)}", param_hint="--out")
    kind = FORMATS[ExportFormat(BY_SUFFIX[out.suffix])]
    with one_moment(settings.load().database(), "pharos export") as connection, _whole(out) as target:
        table = make(connection, time_ns() // 1_000)
        rows = _Counted()
        with rows.shown(out.name):
            kind.write(replace(table, portions=lambda: rows.of(table)), target)
    if as_json:
        columns = [{"name": one.name, "description": one.description, "unit": one.unit} for one in table.columns]
        typer.echo(json.dumps({"file": str(out), "format": kind.suffix, "rows": rows.count, "columns": columns}))
    else:
        typer.echo(f"{out}: {rows.count:,} rows of {len(table.columns)} columns")


class _Counted:
    """Counts rows that are written, and shows them."""

    def __init__(self) -> None:
        self.count = 0
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}: {task.completed:,.0f} rows"), TimeElapsedColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip

    def of(self, table: Table) -> Iterator[pl.DataFrame]:
        """Yield the portions of a table."""
        for portion in table.portions():
            self.count += len(portion)
            self._progress.update(self._progress.task_ids[0], completed=self.count)
            yield portion

    @contextmanager
    def shown(self, name: str) -> Iterator[None]:
        """Show how many there are so far."""
        with self._progress:
            self._progress.add_task(name)
            yield


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that is there only when it is whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as target:
            yield target
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
