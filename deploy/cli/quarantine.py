"""``pharos quarantine``: what was refused, why, and the raw message; and taking it once more when that was mended."""

import json
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from deploy import registered, settings, tables
from deploy.command_group import CommandGroup
from deploy.logging import configure
from deploy.options import Json, OnlyCity
from ingest.model.time import from_micros, to_micros
from processors.intake.retaking import Retaken, StreamOf, retake, streams
from processors.storage.database import connect
from processors.storage.readings.pseudonym_key import destroy
from processors.storage.readings.quarantine import Filter, Quarantined, find

APPLICATION: Final = "pharos quarantine"
EXPIRED: Final = "expired"
BEYOND: Final = "messages beyond the quota, counted and not kept"
MEND: Final = "mend the city file, apply it, and: pharos quarantine replay"


def _instant(text: str | datetime) -> datetime:
    if isinstance(text, datetime):
        return text
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time; expected one such as 2026-11-21T23:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _place(text: str | None) -> tuple[datetime, int] | None:
    """Return the time and the number that a cursor names."""
    if text is None:
        return None
    micros, _, number = text.partition("-")
    if not (micros.isdecimal() and number.isdecimal() and len(micros) <= 17 and len(number) <= 18):
        raise typer.BadParameter(
            f"{text!r} is none; expected one that an earlier list ended with", param_hint="--cursor"
        )
    return from_micros(int(micros)), int(number)


Device = Annotated[str | None, typer.Option(help="Only this device: its name, or its address if it is not registered.")]
Reason = Annotated[str | None, typer.Option(help="Only this reason, for example unknown_quantity.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many, the latest first.")]
Number = Annotated[int, typer.Argument(help="The number that list shows.")]
Since = Annotated[
    datetime | None, typer.Option("--from", parser=_instant, metavar="TIME", help="Only what last came at or after.")
]
Until = Annotated[
    datetime | None, typer.Option("--to", parser=_instant, metavar="TIME", help="Only what last came before.")
]
Cursor = Annotated[str | None, typer.Option(metavar="CURSOR", help="Go on behind what a list before ended with.")]
Numbers = Annotated[
    list[int] | None, typer.Argument(help="Numbers that list shows; all that the options say, if none.")
]
Data = Annotated[Path | None, typer.Option(help="Folder of the stack; PHAROS_DATA or ./data when left out.")]
Every = Annotated[bool, typer.Option("--all", help="All that can be taken once more, where nothing else is named.")]

_group = CommandGroup("quarantine", "Messages that were refused, kept with their reason.")
register = _group.register


@_group.command("list")
def list_(  # noqa: PLR0913, PLR0917 - every option of the command
    city: OnlyCity = None,
    device: Device = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 100,
    cursor: Cursor = None,
    as_json: Json = False,
) -> None:
    """List refused messages, the latest first.

    Example: pharos quarantine list --city sonderborg --reason unknown_quantity
    """
    found = _find(Filter(city, device, reason, from_time=since, to_time=until), limit, _place(cursor))
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
    if len(found) == limit:
        last = found[-1]
        typer.echo(f"More: --cursor {to_micros(last.last_received_at)}-{last.quarantine_id}", err=True)


@_group.command()
def show(number: Number, as_json: Json = False) -> None:
    """Show one refused message whole, its payload as text where it is text.

    Example: pharos quarantine show 17
    """
    found = _find(Filter(quarantine_id=number), 1)
    if not found:
        raise _absent(number)
    document = _document(found[0])
    if as_json:
        typer.echo(json.dumps(document))
    else:
        for name, value in (document | ({} if found[0].payload is not None else {"payload": EXPIRED})).items():
            typer.echo(f"{name}: {value}")


@_group.command()
def replay(  # noqa: PLR0913, PLR0917 - every option of the command
    numbers: Numbers = None,
    city: OnlyCity = None,
    device: Device = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    every: Every = False,
    as_json: Json = False,
) -> None:
    """Take refused messages through the same steps once more, as of when they first came, once their cause is mended.

    Their readings are stored and figures computed again; what is refused again stays, with its reason of now. Rows of
    files are taken once more with their file: pharos replay.

    Example: pharos quarantine replay --city sonderborg --reason bad_time
    """
    configure("quarantine")
    wanted = Filter(city, device, reason, from_time=since, to_time=until)
    if not numbers and not every and wanted == Filter():
        raise typer.BadParameter("expected numbers, or --city, --device, --reason, --from or --to, or --all for all")
    chosen = [Filter(quarantine_id=number) for number in numbers] if numbers else [wanted]
    total = Retaken()
    with connect(settings.load().database(), APPLICATION) as connection, streams_of(settings.load()) as stream_of:
        if not numbers:
            registered.require_city(connection, city if not find(connection, wanted, 1) else None)
        for number, one in zip(numbers or [0], chosen, strict=True):
            if number and not find(connection, one, 1):
                raise _absent(number)
            for part in retake(connection, one, stream_of):
                total += part
    show_retaken(total, as_json=as_json)


@_group.command("destroy-key")
def destroy_key(data: Data = None, as_json: Json = False) -> None:
    """Destroy the key of the pseudonyms that stand for persons in quarantine: nobody can tell any more whose they are.

    A new key is made when one is needed next. Copies of the key, as in backups of the data folder, are not reached.

    Example: pharos quarantine destroy-key
    """
    path = settings.load(data).pseudonym_key()
    if not (is_destroyed := destroy(path)):
        typer.echo(f"There is no key in {path}; nothing was done.", err=True)
    if as_json:
        typer.echo(json.dumps({"key": str(path), "destroyed": is_destroyed}))
    if not is_destroyed:
        raise typer.Exit(1)
    if not as_json:
        typer.echo(f"The key in {path} is destroyed; what was kept under it belongs to nobody now.")


def streams_of(chosen: settings.Settings) -> AbstractContextManager[StreamOf]:
    """Return the streams through which messages are taken once more."""
    kept = chosen.quarantine_quota(), chosen.pseudonyms()
    return streams(chosen.database(), APPLICATION, *kept, chosen.limits(), chosen.meter_keys())


def show_retaken(total: Retaken, *, as_json: bool) -> None:
    """Say what became of messages that were taken once more."""
    readings = total.readings
    if as_json:
        typer.echo(json.dumps({"messages": total.messages, "unchanged": total.unchanged, **asdict(readings)}))
        return
    typer.echo(
        f"{total.messages} messages taken once more: {readings.stored} readings stored, {readings.duplicate} known "
        f"already, {readings.conflict} in conflict, {readings.quarantined} refused again"
    )
    if total.unchanged:
        typer.echo(f"{total.unchanged} messages would be refused for the same reasons and stay as they are; {MEND}")


def _absent(number: int) -> typer.Exit:
    typer.echo(f"There is no refused message {number}; see: pharos quarantine list", err=True)
    return typer.Exit(1)


def _find(wanted: Filter, limit: int, after: tuple[datetime, int] | None = None) -> list[Quarantined]:
    with connect(settings.load().database(), APPLICATION) as connection:
        found = find(connection, wanted, limit, after)
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
