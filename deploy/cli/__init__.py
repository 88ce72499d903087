"""The command line: one module per command, each exporting ``register(app)``; a new command is a new file here."""

import sys
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules
from typing import Annotated, NoReturn

import psycopg
import typer

from deploy import plain_logging
from deploy.errors import DeployError
from deploy.metavars import readable
from ingest.errors import IngestError
from ingest.wording import in_words
from kpi_engine.errors import KpiError
from processors.errors import ProcessorsError
from processors.storage.schema.migrate import MIGRATE_FIRST

app = typer.Typer(
    name="pharos",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
VERSION = "--version"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pharos {version('pharos-monitoring')}")
        raise typer.Exit


@app.callback(help="Monitoring backend for lighthouse cities.")
def _all_commands(
    _: Annotated[
        bool, typer.Option(VERSION, callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Take what all commands share; it makes typer ask for a command's name even when only one is loaded."""


def main() -> None:
    """Run the ``pharos`` command; what a stage refuses is said in its own words, with exit code 1."""
    plain_logging.load()
    commands = [module.name for module in iter_modules(__path__)]
    # Loading every command takes seconds on a small machine; a role that is started needs its own only.
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    needed = [asked] if asked in commands else [] if asked == VERSION else commands
    try:
        for command in needed:
            import_module(f"{__name__}.{command}").register(app)
        command_line = typer.main.get_command(app)
        readable(command_line)
        command_line(prog_name="pharos")
    except (IngestError, ProcessorsError, KpiError, DeployError) as error:
        _refuse(str(error))
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        _refuse(MIGRATE_FIRST)
    except psycopg.OperationalError as error:
        _refuse(f"the database cannot be used: {in_words(error)}")


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise SystemExit(1) from None
