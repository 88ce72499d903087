"""``pharos data``: statistics, which no device sends, given by people in tables; listed, and withdrawn."""

import json
from datetime import date, datetime
from pathlib import Path
from time import time_ns
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from deploy import registered, settings, tables
from deploy.civil_time import instant
from deploy.command_group import CommandGroup
from deploy.options import Json, OnlyCity
from ingest.model.declarations.expected import one_of
from ingest.model.time import isoformat, to_micros
from kpi_engine.errors import StatisticError
from kpi_engine.statistics import statistics_file, store
from kpi_engine.statistics.catalogue import STATISTICS
from kpi_engine.statistics.given import GivenValue, StoredValue
from kpi_engine.statistics.preview import ValueChange, changes
from kpi_engine.statistics.store import StatisticQuery
from processors.storage.database import connect
from processors.storage.registry import registry

File = Annotated[Path, typer.Argument(help="Table of values (CSV).")]
Preview = Annotated[bool, typer.Option("--preview", help="Say what would move, and write nothing.")]
OnlySite = Annotated[str | None, typer.Option("--site", help="Only this site of the city.")]
OnlyStatistic = Annotated[str | None, typer.Option("--statistic", help="Only this one, as in: pharos data names.")]
AsOf = Annotated[str | None, typer.Option(help="As known at this RFC 3339 instant or on this day.")]
Every = Annotated[bool, typer.Option("--all", help="Also values that a later revision stands for, and withdrawn ones.")]
Number = Annotated[int, typer.Argument(help="The number that list shows.")]
By = Annotated[str, typer.Option("--author", help="Who says so.")]
For = Annotated[str, typer.Option("--reason", help="Why.")]

APPLICATION: Final = "pharos data"
COUNT: Final = "1"  # the unit of what is counted

_group = CommandGroup("data", "Statistics: bills, populations, costs, fuels, areas, with their source.")
register = _group.register


@_group.command()
def names(as_json: Json = False) -> None:
    """List the statistics that there are, with unit, kind and of whom they may speak.

    Example: pharos data names
    """
    every = [
        {
            "name": one.name,
            "title": one.title,
            "kind": str(one.kind),
            "unit": one.unit,
            "of": [str(subject) for subject in one.subjects],
            "needs_calorific_basis": one.is_fuel,
        }
        for one in STATISTICS.values()
    ]
    if as_json:
        _print(every)
        return
    table = tables.table("name", "title", "kind", "unit", "of")
    for one in STATISTICS.values():
        table.add_row(one.name, one.title, one.kind, one.unit, ", ".join(one.subjects))
    tables.show(table)


@_group.command("import")
def import_(file: File, preview: Preview = False, as_json: Json = False) -> None:
    """Take the values of a table, all of them or none. What was given before is left as it is.

    Example: pharos data import statistics.csv --preview
    """
    given = statistics_file.read(file)
    with connect(settings.load().database(), APPLICATION) as connection:
        cities = registry.load(connection).cities
        made = store.planned(connection, cities, given) if preview else store.give(connection, cities, given, _now)
    moved = changes(made.standing, made.new)
    written = 0 if preview else len(made.new)
    if as_json:
        counts = {"given": len(given), "new": len(made.new), "known": made.known, "withdrawn": made.withdrawn}
        _print(counts | {"written": written, "changes": [_change(one) for one in moved]})
        return
    typer.echo(f"{len(given)} values are given; {len(made.new)} are new, {made.known} were given before.")
    if made.withdrawn:
        typer.echo(f"{made.withdrawn} were withdrawn and stay so; to give one again, give it a later revision.")
    for one in moved:
        typer.echo(_in_words(one))
    typer.echo("Nothing was written." if preview else f"{written} values are kept now.")


@_group.command("list")
def list_(  # noqa: PLR0913, PLR0917 - each narrows the list
    city: OnlyCity = None,
    site: OnlySite = None,
    statistic: OnlyStatistic = None,
    as_of: AsOf = None,
    every_one: Every = False,
    as_json: Json = False,
) -> None:
    """List the values that hold, each with its source; of values for the same days the latest revision holds.

    Example: pharos data list --city sonderborg --statistic population --as-of 2026-03-01
    """
    if statistic is not None and statistic not in STATISTICS:
        raise StatisticError(f"--statistic: {one_of(STATISTICS, statistic)}")
    if site is not None and city is None:
        raise typer.BadParameter("expected --city as well", param_hint="--site")
    with connect(settings.load().database(), APPLICATION) as connection:
        registered.require_city(connection, city)
        zone = "UTC"
        if city is not None:
            registered.require_site(connection, city, site)
            zone = registry.load(connection).cities[city].timezone
        known_at = instant(as_of, zone, "--as-of") if as_of else None
        query = StatisticQuery(None if city is None else [city], site, statistic, known_at, every_one)
        found = sorted(store.load(connection, query), key=_order)
    if as_json:
        _print([_document(one) for one in found])
        return
    tables.show(_table(found))
    for one in found:
        typer.echo(_rest(one))


@_group.command()
def withdraw(number: Number, author: By, reason: For, as_json: Json = False) -> None:
    """Take a value back: it stays on record and counts no more; what an earlier revision said holds again.

    Example: pharos data withdraw 3 --author "A. Larsen" --reason "the bill of the house next door"
    """
    with connect(settings.load().database(), APPLICATION) as connection:
        if not store.withdraw(connection, number, author, reason, _now):
            raise StatisticError(f"there is no value {number} that could be withdrawn; see: pharos data list")
    if as_json:
        _print({"withdrawn": number})
    else:
        typer.echo(f"Value {number} is withdrawn.")


def _now() -> int:
    return time_ns() // 1000


def _print(document: object) -> None:
    typer.echo(json.dumps(document, indent=2))


def _order(one: StoredValue) -> tuple[object, ...]:
    given = one.given
    return given.city, given.site or "", given.statistic, given.valid_from, given.valid_to or date.max, given.rank


def _in_words(change: ValueChange) -> str:
    given = change.after
    days = f"from {change.start}" + (f" to {change.end}" if change.end else " on")
    before = f" instead of {_value(change.before)}" if change.before else ""
    subject = ", ".join(filter(None, (given.city, given.site)))
    return f"{subject}, {given.statistic}, {days}: {_value(given)}{before}"


def _value(given: GivenValue) -> str:
    bounds = ""
    if given.lower is not None or given.upper is not None:
        lower, upper = (given.value if one is None else one for one in (given.lower, given.upper))
        bounds = f" ({_number(lower)} to {_number(upper)})"
    unit = "" if given.unit == COUNT else f" {given.unit}"
    return f"{_number(given.value)}{bounds}{unit}{f', {given.calorific_basis}' if given.calorific_basis else ''}"


def _number(value: float) -> str:
    return f"{value:.15g}"


def _change(change: ValueChange) -> dict[str, Any]:
    return {
        "city": change.after.city,
        "site": change.after.site,
        "statistic": change.after.statistic,
        "from": change.start.isoformat(),
        "to": change.end and change.end.isoformat(),
        "before": change.before and change.before.model_dump(mode="json"),
        "after": change.after.model_dump(mode="json"),
    }


def _document(one: StoredValue) -> dict[str, Any]:
    beside = {name: value for name, value in vars(one).items() if name != "given"}
    times = {name: _time(value) if isinstance(value, datetime) else value for name, value in beside.items()}
    return one.given.model_dump(mode="json") | times


def _table(found: list[StoredValue]) -> Table:
    table = tables.table("number", "city", "site", "statistic", "valid", "value", "unit", "revision", "holds")
    for one in found:
        given = one.given
        basis = f"{given.unit} ({given.calorific_basis})" if given.calorific_basis else given.unit
        state = "withdrawn" if one.withdrawn_at else "yes" if one.holds else "no"
        revision = "" if given.revision is None else _number(given.revision)
        subject = (str(one.number), given.city, given.site or "", given.statistic)
        table.add_row(*subject, given.days_named, _number(given.value), basis, revision, state)
    return table


def _rest(one: StoredValue) -> str:
    """Return in a line what has no place in the table."""
    given = one.given
    parts = [f"{given.source}, {given.page}"]
    if given.lower is not None or given.upper is not None:
        parts.append(f"stated as {_value(given)}")
    parts += filter(None, [given.note, f"known since {_time(one.known_at)}"])
    if one.withdrawn_at:
        parts.append(f"withdrawn {_time(one.withdrawn_at)} by {one.withdrawn_by}: {one.withdrawn_for}")
    return f"{one.number}: {'; '.join(parts)}"


def _time(instant: datetime) -> str:
    return isoformat(to_micros(instant))
