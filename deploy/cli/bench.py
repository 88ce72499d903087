"""``pharos bench``: messages and readings a second from publish to committed, beside bare COPY of as many readings."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from deploy import tables
from deploy.bench.run import Measurement, bench
from deploy.embedded.wishes import BrokerKind
from deploy.options import Json

Seconds = Annotated[float, typer.Option(min=1.0, help="How long to publish.")]
Broker = Annotated[BrokerKind, typer.Option(help="Which broker; mosquitto must be installed.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(command)


def command(seconds: Seconds = 20.0, broker: Broker = BrokerKind.NATS, as_json: Json = False) -> None:
    """Measure a stack of its own in a temporary folder, with ledger, marks, rollups and KPI engine at work.

    Publisher, broker, all roles and the database share this machine. Messages have 200 bytes and four readings.

    Example: pharos bench --seconds 20 --json
    """
    measurement = bench(seconds, broker)
    if as_json:
        typer.echo(json.dumps(asdict(measurement), indent=2))
    else:
        tables.show(_table(measurement))


def _table(measured: Measurement) -> Table:
    table = tables.table("figure", "value", title="From publish to committed")
    table.add_row("messages", f"{measured.messages_per_second:,.0f}/s")
    table.add_row("readings", f"{measured.readings_per_second:,.0f}/s")
    table.add_row("bare COPY, same run", f"{measured.copy_readings_per_second:,.0f} readings/s")
    table.add_row("ratio", f"{measured.ratio:.3f}")
    table.add_row("rollups caught up", f"{measured.rollup_lag:.1f} s after the last commit")
    table.add_row("measured", f"{measured.messages:,} messages in {measured.seconds:.1f} s, broker {measured.broker}")
    table.add_row("machine", measured.machine)
    table.add_row("versions", measured.versions)
    return table
