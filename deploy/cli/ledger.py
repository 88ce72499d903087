"""``pharos ledger``: what became of every reading ever received."""

import json
from dataclasses import asdict
from typing import Final

import typer
from rich.table import Table

from deploy import registered, settings, tables
from deploy.options import Json, OnlyCity
from processors.storage.database import connect
from processors.storage.readings.ledger import Account, accounts

COUNTS: Final = ("received", "stored", "duplicate", "conflict", "quarantined")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ledger)


def ledger(city: OnlyCity = None, as_json: Json = False) -> None:
    """Show received = stored + duplicate + conflict + quarantined, in readings, per city and source.

    What is in flight has not been received yet: see pharos_in_flight_messages. Exit code 1 if an account does not
    balance, which would be a fault of Pharos.

    Example: pharos ledger --city sonderborg
    """
    with connect(settings.load().database(), "pharos ledger") as connection:
        registered.require_city(connection, city)
        found = accounts(connection, city)
    if as_json:
        rows = [asdict(one) | {"updated_at": one.updated_at.isoformat(), "balanced": one.is_balanced} for one in found]
        typer.echo(json.dumps(rows))
    else:
        tables.show(_table(found))
    raise typer.Exit(0 if all(one.is_balanced for one in found) else 1)


def _table(found: list[Account]) -> Table:
    table = tables.table("city", "source", numbers=COUNTS, title="Readings")
    for one in found:
        table.add_row(one.city or "(unknown)", one.source, *(f"{getattr(one, count):,}" for count in COUNTS))
    return table
