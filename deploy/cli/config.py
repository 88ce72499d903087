"""``pharos config``: the effective settings of a process started here, secrets masked."""

import json
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

import typer
from pydantic import SecretStr

from deploy import settings, tables

MASK = "****"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("config")(config)


def config(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Print the effective settings, secrets masked.

    Example: PHAROS_HTTP=0.0.0.0:80 pharos config --json
    """
    shown = {f"{settings.PREFIX}{name.upper()}": _shown(value) for name, value in settings.load()}
    if as_json:
        typer.echo(json.dumps(shown, indent=2))
    else:
        _print_table(shown)
    for name in settings.unknown_variables():
        typer.echo(f"{name} is set but no setting of Pharos; misspelt?", err=True)


def _print_table(shown: dict[str, Any]) -> None:
    table = tables.table("setting", "value")
    for name, value in shown.items():
        shown_value = ", ".join(value) if isinstance(value, list) else value
        table.add_row(name, shown_value or "not set")
    tables.show(table)


def _shown(value: object) -> object:
    if isinstance(value, SecretStr):
        return masked(value.get_secret_value())
    if isinstance(value, list):
        return [str(item) for item in value]
    return None if value is None else str(value)


def masked(url: str) -> str:
    """Return ``url`` with its password masked, and with it whatever follows a question mark."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    netloc = f"{name}{colon}{MASK if colon else ''}{at}{place}"
    return urlunsplit(parts._replace(netloc=netloc, query=MASK if parts.query else ""))
