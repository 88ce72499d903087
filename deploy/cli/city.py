"""``pharos city``: a commented, valid city file to start from, and what was edited into use, told before it is done."""

from pathlib import Path
from string import Template
from typing import Annotated, Final

import typer

from deploy import city_files, city_registration, settings
from deploy.command_group import CommandGroup
from ingest.errors import CityFileError
from ingest.model.city import city_file
from ingest.model.city.assets import City
from kpi_engine.factors import registry as factors
from processors.storage.database import Connection, connect

TEMPLATE: Final = Path(__file__).parents[1] / "templates" / "city.yaml"

Name = Annotated[str, typer.Argument(help="Lower case: letters, digits, - and _; it stands in topics and addresses.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this new file instead of printing.")]
Files = Annotated[list[Path], typer.Argument(help="City files; of one city each.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do also what takes readings of the past out of figures.")]

_group = CommandGroup("city", "City files.")
register = _group.register


@_group.command()
def new(name: Name, output: Output = None) -> None:
    """Print a commented, valid city file to start from.

    Example: pharos city new tartu --output tartu.yaml
    """
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(name=name, title=_title(name))
    try:
        city_file.parse(text, f"{name}.yaml")
    except CityFileError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    if output is None:
        typer.echo(text, nl=False)
    else:
        _write(output, text)


@_group.command()
def apply(files: Files, yes: Yes = False) -> None:
    """Register city files, new or edited; what runs takes them up within seconds, and nothing has to be restarted.

    First says what that does. What takes readings of the past out of figures is done with --yes only.

    Example: pharos city apply harbour.yaml
    """
    chosen = settings.load()
    with connect(chosen.database(), "pharos city") as connection:
        cities = city_files.load_all(files, factors.load(connection))
        if _show(connection, cities) and not yes:
            typer.echo("Nothing was changed. To do it nevertheless: pharos city apply --yes", err=True)
            raise typer.Exit(1)
        city_registration.register(chosen, connection, cities)
    for city in cities:
        typer.echo(f"{city.name} is registered with {len(city.devices)} devices")


def _show(connection: Connection, cities: list[City]) -> bool:
    """Say what applying ``cities`` does; returns whether it takes anything out of figures."""
    found = city_registration.foreseen(connection, cities)
    for name, one in found:
        for sentence in one.news:
            typer.echo(f"{name}: {sentence}")
        for sentence in one.losses:
            typer.echo(f"{name}: {sentence}", err=True)
    return any(one.losses for _, one in found)


def _write(output: Path, text: str) -> None:
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        typer.echo(f"{output}: exists already; nothing was written", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"{output}: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{output} is written. Edit it, then: pharos check {output}")


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").title()
