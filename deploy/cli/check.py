"""``pharos check``: are city files usable, and if not, what is wrong where."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy import city_files
from deploy.options import Json
from ingest.errors import CityFileError, FileFault

Files = Annotated[list[Path], typer.Argument(help="City files (YAML).")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(files: Files, as_json: Json = False) -> None:
    """Validate city files; every fault names file, line, key and what was expected. Exit code 1 if there is any.

    Example: pharos check deploy/cities/demo.yaml
    """
    faults = [fault for path in files for fault in _faults(path)]
    if as_json:
        typer.echo(json.dumps([vars(fault) for fault in faults]))
    elif faults:
        typer.echo("\n".join(map(str, faults)), err=True)
    else:
        typer.echo(f"{len(files)} of {len(files)} files are valid.")
    raise typer.Exit(1 if faults else 0)


def _faults(path: Path) -> list[FileFault]:
    try:
        city_files.load(path)
    except CityFileError as error:
        return error.faults
    return []
