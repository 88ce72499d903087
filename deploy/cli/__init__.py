"""The command line: one module per command, each exporting ``register(app)``; a new command is a new file here."""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(
    name="pharos",
    help="Monitoring backend for lighthouse cities.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the ``pharos`` command."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}").register(app)
    app()
