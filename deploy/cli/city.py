"""``pharos city``: a commented, valid city file to start from, what was edited into use, and what is registered."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deploy import (
    city_ending,
    city_file_text,
    city_files,
    city_proposals,
    city_questions,
    city_registration,
    settings,
    tables,
)
from deploy.city_questions import Given
from deploy.command_group import CommandGroup
from deploy.errors import AnswerError
from deploy.options import Json
from ingest.errors import CityFileError
from ingest.model.city import city_file
from ingest.model.city.assets import City
from kpi_engine.factors import registry as factors
from processors.storage.database import Connection, connect
from processors.storage.registry import registry
from processors.storage.registry.city_changes import CityChanges

Name = Annotated[str, typer.Argument(help="Lower case: letters, digits, - and _; it stands in topics and addresses.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this new file instead of printing.")]
Files = Annotated[list[Path], typer.Argument(help="City files; of one city each.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do also what takes readings of the past out of figures.")]
Registered = Annotated[str, typer.Argument(help="The name of a registered city.")]
Title = Annotated[str | None, typer.Option(help="The name that people read; by default made of the name.")]
Country = Annotated[str | None, typer.Option(help="ISO 3166, two letters.")]
Timezone = Annotated[str | None, typer.Option(help="IANA; by default that of the country.")]
RoleOf = Annotated[str | None, typer.Option("--role", help="lighthouse, follower or network.")]
GridZone = Annotated[str | None, typer.Option(help="Of the electricity grid, as electricityMap names it.")]
Verticals = Annotated[list[str] | None, typer.Option("--vertical", help="With an example of this one; repeatable.")]
Questions = Annotated[
    bool | None, typer.Option("--questions/--no-questions", help="Ask; by default only at a terminal.")
]

_group = CommandGroup("city", "City files.")
register = _group.register


@_group.command()
def new(  # noqa: PLR0913, PLR0917 - every answer of the command
    name: Name,
    output: Output = None,
    title: Title = None,
    country: Country = None,
    timezone: Timezone = None,
    role: RoleOf = None,
    grid_zone: GridZone = None,
    vertical: Verticals = None,
    questions: Questions = None,
    as_json: Json = False,
) -> None:
    """Print a commented, valid city file to start from, with zone, factors and examples for your country and verticals.

    At a terminal it asks for what no option answers; Enter takes what is proposed.

    Example: pharos city new tartu --country EE --vertical buildings --vertical ev_charging --output tartu.yaml
    """
    given = Given(title, country, timezone, role, grid_zone, vertical)
    is_asking = sys.stdin.isatty() if questions is None else questions
    try:
        answers = city_questions.answered(name, given, _prompt if is_asking else None)
        text = city_proposals.text(answers)
        city = city_file.parse(text, f"{name}.yaml")
    except (AnswerError, CityFileError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    if output is not None:
        _write(output, text, as_json=as_json)
    if as_json:
        typer.echo(json.dumps(city_file_text.document(city)))
    elif output is None:
        typer.echo(text, nl=False)


@_group.command("list")
def list_(as_json: Json = False) -> None:
    """List the registered cities.

    Example: pharos city list
    """
    with connect(settings.load().database(), "pharos city") as connection:
        cities = [city for name in registry.city_names(connection) if (city := registry.declared(connection, name))]
    rows = [
        {
            "city": city.name,
            "title": city.title,
            "country": city.country,
            "timezone": city.timezone,
            "role": city.role.value,
            "sites": len(city.sites),
            "devices": city_ending.in_use(city, datetime.now(ZoneInfo(city.timezone)).date()),
        }
        for city in cities
    ]
    if as_json:
        typer.echo(json.dumps(rows))
    elif rows:
        listed = tables.table("city", "title", "country", "zone", "role", numbers=("sites", "devices in use"))
        for row in rows:
            listed.add_row(*map(str, row.values()))
        tables.show(listed)
    else:
        typer.echo("No city is registered. Begin with: pharos city new NAME --output NAME.yaml")


@_group.command()
def show(name: Registered, as_json: Json = False) -> None:
    """Print a registered city as a city file, as it was applied last; comments are not kept.

    Example: pharos city show harbour > harbour.yaml
    """
    with connect(settings.load().database(), "pharos city") as connection:
        city = _declared(connection, name)
    typer.echo(json.dumps(city_file_text.document(city)) if as_json else city_file_text.written(city), nl=as_json)


@_group.command()
def diff(files: Files, as_json: Json = False) -> None:
    """Say how city files differ from what is registered and what applying them would do; exit code 1 if they differ.

    Example: pharos city diff harbour.yaml
    """
    with connect(settings.load().database(), "pharos city") as connection:
        cities = city_files.load_all(files, factors.load(connection))
        differing = {city.name: list(_differences(connection, city)) for city in cities}
        if as_json:
            told = [
                _foreseen(name, one) | {"lines": [line.rstrip("\n") for line in differing[name]]}
                for name, one in city_registration.foreseen(connection, cities)
            ]
            typer.echo(json.dumps(told))
        else:
            typer.echo("".join(line for lines in differing.values() for line in lines), nl=False)
            _show(connection, cities)
    if any(differing.values()):
        raise typer.Exit(1)
    if not as_json:
        typer.echo("What is registered says the same.")


@_group.command()
def remove(name: Registered, yes: Yes = False, as_json: Json = False) -> None:
    """Take a city out of use: all of its devices end today. Readings and figures stay, and nothing is deleted.

    From the next day on what its devices send is refused. To take it up again, apply its file.

    Example: pharos city remove harbour --yes
    """
    chosen = settings.load()
    with connect(chosen.database(), "pharos city") as connection:
        city = _declared(connection, name)
        today = datetime.now(ZoneInfo(city.timezone)).date()
        ended = city_ending.ended(city, today)
        count = city_ending.in_use(city, today)
        if not as_json:
            typer.echo(
                f"{name}: {count} devices are valid up to and with {today}, {city.timezone}; readings and figures stay"
            )
        if yes:
            city_registration.register(chosen, connection, [ended])
    if as_json:
        last = {"last_day": today.isoformat(), "timezone": city.timezone}
        typer.echo(json.dumps({"city": name, "devices": count, **last, "removed": yes}))
    elif yes:
        typer.echo(f"{name} is out of use after today")
    if not yes:
        typer.echo(f"Nothing was changed. To do it: pharos city remove {name} --yes", err=True)
        raise typer.Exit(1)


@_group.command()
def apply(files: Files, yes: Yes = False, as_json: Json = False) -> None:
    """Register city files, new or edited; what runs takes them up within seconds, and nothing has to be restarted.

    First says what that does. What takes readings of the past out of figures is done with --yes only.

    Example: pharos city apply harbour.yaml
    """
    chosen = settings.load()
    with connect(chosen.database(), "pharos city") as connection:
        cities = city_files.load_all(files, factors.load(connection))
        found = city_registration.foreseen(connection, cities) if as_json else _show(connection, cities)
        is_losing = any(one.losses for _, one in found)
        if not is_losing or yes:
            city_registration.register(chosen, connection, cities)
    if as_json:
        done = {"applied": yes or not is_losing}
        counts = {city.name: {"devices": len(city.devices)} for city in cities}
        typer.echo(json.dumps([_foreseen(name, one) | counts[name] | done for name, one in found]))
    if is_losing and not yes:
        typer.echo("Nothing was changed. To do it nevertheless: pharos city apply --yes", err=True)
        raise typer.Exit(1)
    for city in () if as_json else cities:
        typer.echo(f"{city.name} is registered with {len(city.devices)} devices")


def _foreseen(name: str, one: CityChanges) -> dict[str, object]:
    return {"city": name, "news": list(one.news), "losses": list(one.losses)}


def _show(connection: Connection, cities: list[City]) -> list[tuple[str, CityChanges]]:
    """Say what applying ``cities`` does, and return it."""
    found = city_registration.foreseen(connection, cities)
    for name, one in found:
        for sentence in one.news:
            typer.echo(f"{name}: {sentence}")
        for sentence in one.losses:
            typer.echo(f"{name}: {sentence}", err=True)
    return found


def _write(output: Path, text: str, *, as_json: bool) -> None:
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        typer.echo(f"{output}: exists already; nothing was written", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"{output}: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{output} is written. Edit it, then: pharos check {output}", err=as_json)


def _declared(connection: Connection, name: str) -> City:
    if city := registry.declared(connection, name):
        return city
    known = registry.city_names(connection)
    typer.echo(f"{name}: expected a registered city: {', '.join(known) or 'there is none'}", err=True)
    raise typer.Exit(1)


def _differences(connection: Connection, city: City) -> Iterator[str]:
    before = registry.declared(connection, city.name)
    registered = city_file_text.written(before).splitlines(keepends=True) if before else []
    wanted = city_file_text.written(city).splitlines(keepends=True)
    yield from unified_diff(registered, wanted, f"{city.name}, registered", f"{city.name}, in the file", n=2)


def _prompt(question: str, proposed: str) -> str:
    return str(typer.prompt(question, default=proposed, err=True))
