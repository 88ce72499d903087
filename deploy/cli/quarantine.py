"""``pharos quarantine``: what was refused, why, and the raw message."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from deploy import registered, settings, tables
from deploy.command_group import CommandGroup
from deploy.options import Json, OnlyCity
from processors.storage.database import connect
from processors.storage.readings.quarantine import Filter, Quarantined, find

EXPIRED: Final = "expired"
BEYOND: Final = "messages beyond the quota, counted and not kept"

Device = Annotated[str | None, typer.Option(help="Only this device: its name, or its address if it is not registered.")]
Reason = Annotated[str | None, typer.Option(help="Only this reason, for example unknown_quantity.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many, the latest first.")]
Number = Annotated[int, typer.Argument(help="The number that list shows.")]

_group = CommandGroup("quarantine", "Messages that were refused, kept with their reason.")
register = _group.register


@_group.command("list")
def list_(
    city: OnlyCity = None, device: Device = None, reason: Reason = None, limit: Limit = 100, as_json: Json = False
) -> None:
    """List refused messages, the latest first.

    Example: pharos quarantine list --city sonderborg --reason unknown_quantity
    """
    found = _find(Filter(city, device, reason), limit)
    if as_json:
        typer.echo(json.dumps([_document(one) for one in found]))
        return
    table = tables.table("number", "last received", "city", "device", "reason", "field", "times", "detail")
    for one in found:
        at = one.last_received_at.isoformat(timespec="seconds")
        detail = BEYOND if one.is_summary else one.detail or EXPIRED
        times = str(one.occurrences)
        table.add_row(str(one.quarantine_id), at, one.city, one.device, one.reason, one.field, times, detail)
    tables.show(table)


@_group.command()
def show(number: Number, as_json: Json = False) -> None:
    """Show one refused message whole, its payload as text where it is text.

    Example: pharos quarantine show 17
    """
    found = _find(Filter(quarantine_id=number), 1)
    if not found:
        typer.echo(f"There is no refused message {number}; see: pharos quarantine list", err=True)
        raise typer.Exit(1)
    document = _document(found[0])
    if as_json:
        typer.echo(json.dumps(document))
    else:
        for name, value in (document | ({} if found[0].payload is not None else {"payload": EXPIRED})).items():
            typer.echo(f"{name}: {value}")


def _find(wanted: Filter, limit: int) -> list[Quarantined]:
    with connect(settings.load().database(), "pharos quarantine") as connection:
        found = find(connection, wanted, limit)
        if not found:  # what names a city that nobody registered is kept under that name
            registered.require_city(connection, wanted.city)
        return found


def _document(one: Quarantined) -> dict[str, Any]:
    """Return an entry as JSON types; a payload that is no text as hexadecimal digits, an expired one as null."""
    document = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(one).items()
    }
    if one.payload is None:
        return document | {"payload": None, "encoding": EXPIRED}
    try:
        return document | {"payload": one.payload.decode(), "encoding": "utf-8"}
    except UnicodeDecodeError:
        return document | {"payload": one.payload.hex(), "encoding": "hex"}
