"""``pharos bench``: messages and readings a second from publish to committed, beside bare COPY of as many readings."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from deploy import tables
from deploy.bench.run import DEVICES, Measurement, bench
from deploy.embedded.wishes import BrokerKind
from deploy.options import Json

Seconds = Annotated[float, typer.Option(min=1.0, help="How long to publish.")]
Devices = Annotated[int, typer.Option(min=1, max=99_999, help="Of how many devices; each has four series.")]
Broker = Annotated[BrokerKind, typer.Option(help="Which broker; mosquitto must be installed.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(command)


def command(
    seconds: Seconds = 20.0, broker: Broker = BrokerKind.NATS, devices: Devices = DEVICES, as_json: Json = False
) -> None:
    """Measure a stack of its own in a temporary folder, with ledger, marks, rollups and KPI engine at work.

    Publisher, broker, all roles and the database share this machine. Messages have 200 bytes and four readings. Beside
    it, where Mosquitto is installed: a bare reference (asyncio, msgspec, COPY), and Telegraf where that is installed.

    Example: pharos bench --seconds 20 --json
    """
    measurement = bench(seconds, broker, devices)
    if as_json:
        typer.echo(json.dumps(asdict(measurement), indent=2))
    else:
        tables.show(_table(measurement))
        tables.show(_parts(measurement))
        tables.show(_peers(measurement))


def _table(measured: Measurement) -> Table:
    table = tables.table("figure", "value", title="From publish to committed")
    table.add_row("messages", f"{measured.messages_per_second:,.0f}/s")
    table.add_row("readings", f"{measured.readings_per_second:,.0f}/s")
    table.add_row("bare COPY, same run", f"{measured.copy_readings_per_second:,.0f} readings/s")
    table.add_row("ratio", f"{measured.ratio:.3f}")
    table.add_row("rollups caught up", f"{measured.rollup_lag:.1f} s after the last commit")
    half = measured.latency
    table.add_row(f"latency at {half.rate:,.0f}/s", f"p50 {half.p50 * 1e3:.0f} ms, p99 {half.p99 * 1e3:.0f} ms")
    table.add_row("devices", f"{measured.devices:,}")
    table.add_row("measured", f"{measured.messages:,} messages in {measured.seconds:.1f} s, broker {measured.broker}")
    table.add_row("machine", measured.machine)
    table.add_row("versions", measured.versions)
    return table


def _parts(measured: Measurement) -> Table:
    table = tables.table("part", "us of the processor a message", "cores", "MiB", title="What each part took")
    for name, share in measured.parts.items():
        each, cores = share.cpu_seconds / measured.messages * 1e6, share.cpu_seconds / measured.seconds
        table.add_row(name, f"{each:.1f}", f"{cores:.2f}", f"{share.memory_mib:,.0f}")
    return table


def _peers(measured: Measurement) -> Table:
    table = tables.table("peer", "messages/s", "ours beside it", "its own us a message", title="The same messages")
    for name, peer in measured.peers.items():
        ratio = measured.messages_per_second / peer.messages_per_second
        table.add_row(name, f"{peer.messages_per_second:,.0f}", f"{ratio:.2f}", f"{peer.microseconds:.1f}")
    return table
