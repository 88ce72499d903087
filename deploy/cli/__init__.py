"""The command line: one module per command, each exporting ``register(app)``; a new command is a new file here."""

from importlib import import_module
from pkgutil import iter_modules

import typer

from deploy.errors import DeployError
from ingest.errors import IngestError
from kpi_engine.errors import KpiError
from processors.errors import ProcessorsError

app = typer.Typer(
    name="pharos",
    help="Monitoring backend for lighthouse cities.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the ``pharos`` command; what a stage refuses is said in its own words, with exit code 1."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}").register(app)
    try:
        app()
    except (IngestError, ProcessorsError, KpiError, DeployError) as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
