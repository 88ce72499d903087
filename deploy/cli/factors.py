"""``pharos factors``: the published emission factors, each with its source, and how more of them are published."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from deploy import registered, settings, tables
from deploy.civil_time import instant
from deploy.command_group import CommandGroup
from deploy.kpi.answers import print_json
from deploy.kpi.options import CityName
from deploy.options import Json
from kpi_engine.engine.extents import stored_extents
from kpi_engine.errors import FactorError
from kpi_engine.factors import importing, of_network, preview, registry
from kpi_engine.factors.factor import Factor
from kpi_engine.factors.factor_table import FactorTable
from kpi_engine.factors.files import shipped
from kpi_engine.factors.formats import FORMATS
from kpi_engine.factors.importing import Wish
from kpi_engine.factors.preview import Move, TouchedFigures
from kpi_engine.figures import store
from kpi_engine.subjects import subject_index
from processors.storage import database
from processors.storage.database import Connection

Shipped = Annotated[bool, typer.Option("--shipped", help="Those of this version, without asking a database.")]
File = Annotated[Path, typer.Argument(help="Table of factors.")]
Format = Annotated[str, typer.Option("--format", help=f"What the table is: {', '.join(FORMATS)}.")]
Carriers = Annotated[list[str] | None, typer.Option("--carrier", help="Only factors of this carrier; may be repeated.")]
Names = Annotated[list[str] | None, typer.Option("--name", help="Only the factor of this name; may be repeated.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would move, and write nothing.")]

_group = CommandGroup("factors", "Emission factors: dated, sourced, never changed once published.")
register = _group.register


@_group.command("list")
def list_(from_files: Shipped = False, as_json: Json = False) -> None:
    """List every published factor with its validity and source.

    Example: pharos factors list --json
    """
    factors = shipped() if from_files else _published()
    if as_json:
        typer.echo(json.dumps([factor.model_dump(mode="json") for factor in factors], indent=2))
    else:
        tables.show(_table(factors))
        for factor in factors:
            typer.echo(_rest(factor))


@_group.command("import")
def import_(  # noqa: PLR0913, PLR0917 - an option each
    file: File,
    form: Format = "pharos",
    carriers: Carriers = None,
    names: Names = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Publish the factors of a table. What is published already is left as it is; a changed version is refused.

    Example: pharos factors import factors.csv --dry-run
    """
    table = importing.read(file, form)
    wanted = Wish(carriers or (), names or ()).of(table, file.name)
    with database.connect(settings.load().database(), "pharos factors") as connection:
        published = registry.load(connection)
        new = registry.unpublished([*shipped(), *published], wanted)
        if as_json:
            counts = {"in_table": len(table.factors), "wanted": len(wanted), "left_out": dict(table.left_out)}
            _publish_telling_json(connection, published, wanted, counts, dry_run=dry_run)
        else:
            _tell_table(table, wanted, new)
            _publish(connection, published, wanted, dry_run=dry_run)


@_group.command("from-network")
def from_network(  # noqa: PLR0913, PLR0917 - an option each
    name: Annotated[str, typer.Argument(help="What the factor is called; cities name it under factors: heat.")],
    city: CityName,
    year: Annotated[int, typer.Option(help="The year whose figure it is.")],
    site: Annotated[str | None, typer.Option(help="A plant's site, for what it serves; without it, the city.")] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Publish the emission factor that a heat network had in a year, as its own figure says.

    Buildings are reckoned by it where the city file names it. A later revision is published as a version of its own.

    Example: pharos factors from-network sonderborg-heat --city sonderborg --year 2025 --dry-run
    """
    with database.connect(settings.load().database(), "pharos factors") as connection:
        registered.require_city(connection, city)
        registered.require_site(connection, city, site)
        zone = subject_index.load(connection).select(city, site)[0].zone
        span = (instant(f"{edge}-01-01", zone) for edge in (year, year + 1))
        figures = store.values(connection, of_network.KPI, city, site, "year", *span)
        if not figures:
            raise FactorError(f"no figure of {of_network.KPI} of {year} is computed for {site or city}")
        found = of_network.factor_of(figures[0], name, year)
        published = registry.load(connection)
        if as_json:
            made = {"factor": found.model_dump(mode="json")}
            _publish_telling_json(connection, published, [found], made, dry_run=dry_run)
        else:
            typer.echo(f"{_named(found)}; {found.method}")
            _publish(connection, published, [found], dry_run=dry_run)


def _publish(connection: Connection, published: list[Factor], wanted: list[Factor], *, dry_run: bool) -> None:
    if dry_run:
        _tell_moves(connection, published, registry.unpublished([*shipped(), *published], wanted))
        typer.echo("Nothing was written.")
    else:
        typer.echo(f"{registry.sync(connection, wanted)} versions are published now.")


def _publish_telling_json(
    connection: Connection, published: list[Factor], wanted: list[Factor], about: Mapping[str, object], *, dry_run: bool
) -> None:
    """Publish, or say what would move, as ``_publish`` does; ``about``: what is said of where they come from."""
    new = registry.unpublished([*shipped(), *published], wanted)
    done: dict[str, object]
    if dry_run:
        done = {"published": 0, "moves": [_document(*one) for one in _moved(connection, published, new)]}
    else:
        done = {"published": registry.sync(connection, wanted)}
    print_json({**about, "new": len(new), **done})


@_group.command("preview")
def preview_(
    file: File, form: Format = "pharos", carriers: Carriers = None, names: Names = None, as_json: Json = False
) -> None:
    """Say what an import would move: which cities, indicators and periods take another factor. Writes nothing.

    Example: pharos factors preview factors.csv
    """
    import_(file, form, carriers, names, dry_run=True, as_json=as_json)


def _tell_table(table: FactorTable, wanted: list[Factor], new: list[Factor]) -> None:
    typer.echo(f"{len(wanted)} versions are wanted of {len(table.factors)} in the table; {len(new)} are new.")
    for reason, count in sorted(table.left_out.items()):
        typer.echo(f"left out: {count} rows {reason}")


def _moved(
    connection: Connection, published: list[Factor], new: list[Factor]
) -> Iterator[tuple[Move, list[TouchedFigures], list[TouchedFigures]]]:
    """Yield what publishing would move, with the figures that are kept of it and those that are made on reading."""
    index = subject_index.load(connection)
    extents = stored_extents(connection)
    subjects = list(index.subjects.values())
    zones = {subject.city.name: subject.zone for subject in subjects}
    for move in preview.moves(subjects, extents, published, new):
        kept = preview.figures(connection, move, zones[move.city])
        yield move, kept, preview.days_on_reading(subjects, extents, move)


def _tell_moves(connection: Connection, published: list[Factor], new: list[Factor]) -> None:
    found = list(_moved(connection, published, new))
    for move, kept, on_reading in found:
        days = f"{move.city}, {move.carrier}, from {move.start} to {move.end}"
        typer.echo(f"{days}: {_named(move.after)} instead of {_named(move.before)}")
        if _counts_other_emissions(move):
            typer.echo("  it counts other emissions: sums with factors of another boundary are refused")
        for one in kept:
            typer.echo(f"  {one.kpi}: {one.count} figures by {one.period}")
        for one in on_reading:
            typer.echo(f"  {one.kpi}: {one.count} days of sites and groups, computed when they are asked for")
    if not found:
        typer.echo("No figure takes another factor.")


def _counts_other_emissions(move: Move) -> bool:
    return bool(move.before and move.after and move.before.boundary is not move.after.boundary)


def _document(move: Move, kept: list[TouchedFigures], on_reading: list[TouchedFigures]) -> dict[str, object]:
    ends = {
        side: None if factor is None else factor.model_dump(mode="json")
        for side, factor in (("before", move.before), ("after", move.after))
    }
    return {
        "city": move.city,
        "carrier": move.carrier,
        "start": str(move.start),
        "end": str(move.end),
        **ends,
        "counts_other_emissions": _counts_other_emissions(move),
        "figures": [asdict(one) for one in kept],
        "computed_when_asked_for": [asdict(one) for one in on_reading],
    }


def _named(factor: Factor | None) -> str:
    if factor is None:
        return "no factor"
    boundary = factor.boundary or "boundary not stated"
    return f"{factor.name} {factor.version} ({factor.value!r} {factor.unit}, {boundary})"


def _published() -> list[Factor]:
    with database.connect(settings.load().database(), "pharos factors") as connection:
        return registry.load(connection)


def _table(factors: list[Factor]) -> Table:
    table = tables.table("name", "version", "carrier", "valid", "value", "unit", "boundary", "view", "verified")
    for factor in factors:
        valid = f"from {factor.valid_from}" + (f" to {factor.valid_to}" if factor.valid_to else "")
        basis = (factor.boundary or "not stated", factor.view or "-", "yes" if factor.verified else "no")
        table.add_row(factor.name, factor.version, factor.carrier, valid, repr(factor.value), factor.unit, *basis)
    return table


def _rest(factor: Factor) -> str:
    """Return in a line what has no place in the table."""
    year = f"of {factor.year}" if factor.year else None
    about = [factor.region, year, factor.calorific_basis, f"gases: {factor.gwp}"]
    return f"{factor.name} {factor.version}: {factor.source}, {factor.page} ({'; '.join(filter(None, about))})"
