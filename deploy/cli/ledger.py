"""``pharos ledger``: what became of every reading ever received."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy import settings
from processors.storage.database import connect
from processors.storage.ledger import Account, accounts

City = Annotated[str | None, typer.Option(help="Only this city.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ledger)


def ledger(city: City = None, as_json: Json = False) -> None:
    """Show received = stored + duplicate + conflict + quarantined, in readings, per city and source.

    What is in flight has not been received yet: see pharos_in_flight_messages. Exit code 1 if an account does not
    balance, which would be a fault of Pharos.

    Example: pharos ledger --city demo
    """
    with connect(settings.load().database(), "pharos ledger") as connection:
        found = accounts(connection, city)
    if as_json:
        rows = [asdict(one) | {"updated_at": one.updated_at.isoformat(), "balanced": one.is_balanced} for one in found]
        typer.echo(json.dumps(rows))
    else:
        Console().print(_table(found))
    raise typer.Exit(0 if all(one.is_balanced for one in found) else 1)


def _table(found: list[Account]) -> Table:
    table = Table("city", "source", title="Readings")
    for title in ("received", "stored", "duplicate", "conflict", "quarantined"):
        table.add_column(title, justify="right")
    for one in found:
        counts = (one.received, one.stored, one.duplicate, one.conflict, one.quarantined)
        table.add_row(one.city or "(unknown)", one.source, *(f"{count:,}" for count in counts))
    return table
