"""``pharos device unknown`` and ``pharos device claim``: who sent without being declared, and what becomes of that."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from deploy import pasting, settings, tables
from deploy.cli.quarantine import show_retaken, streams_of
from deploy.command_group import CommandGroup
from deploy.embedded.credentials import DeviceCredentials
from deploy.embedded.denied import denied
from deploy.embedded.folder import DataFolder, is_data_folder
from deploy.errors import CredentialError, UnknownCityError
from deploy.logging import configure
from deploy.options import Json, OnlyCity
from ingest.inbox.curve import written
from ingest.inbox.guess import Guess, GuessedField
from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City
from processors.intake.inbox import Described, describe
from processors.intake.retaking import Retaken, retake
from processors.storage.database import Connection, connect
from processors.storage.readings.quarantine import Filter
from processors.storage.readings.strangers import strangers
from processors.storage.registry import registry

APPLICATION: Final = "pharos device unknown"
SHOWN: Final = 5

Origin = Annotated[str, typer.Argument(help="Who sent, as unknown list shows it.")]
CityFile = Annotated[Path | None, typer.Option("--write", help="Write the lines into this city file, if valid then.")]
Print = Annotated[bool, typer.Option("--print", help="Print the lines for the city file, and take nothing.")]
Gateway = Annotated[str | None, typer.Option(help="The native id whose credential speaks for the device.")]

group = CommandGroup("unknown", "Who sent without being declared in a city file.")


@group.command("list")
def list_(city: OnlyCity = None, as_json: Json = False) -> None:
    """List who sent what no city file knows, the last one first, and what the broker dropped for want of rights.

    Example: pharos device unknown list
    """
    chosen = settings.load()
    with connect(chosen.database(), APPLICATION) as connection:
        found = strangers(connection, None if city is None else [city])
    dropped = denied(DataFolder(chosen.data).log_of("broker")) if is_data_folder(chosen.data) else []
    if as_json:
        rows = [_document(asdict(one)) for one in found]
        typer.echo(json.dumps({"unknown": rows, "dropped_by_broker": [asdict(one) for one in dropped]}))
        return
    table = tables.table("who", "city", "first", "last", numbers=("messages", "kept", "dropped"))
    for one in found:
        counts = (str(one.messages), str(one.kept), str(one.dropped))
        table.add_row(one.origin, one.city, _second(one.first_received_at), _second(one.last_received_at), *counts)
    tables.show(table)
    if dropped:
        denials = tables.table("client id", "topic", "last", numbers=("messages",), title="Dropped by the broker")
        for each in dropped:
            denials.add_row(each.client, each.topic, each.last_at, str(each.messages))
        tables.show(denials)
        typer.echo("Who has no right on a topic: pharos device add CITY DEVICE --anywhere, or a binding.", err=True)


@group.command()
def show(origin: Origin, city: OnlyCity = None, gateway: Gateway = None, as_json: Json = False) -> None:
    """Show what somebody sends, what it most likely is, and the lines that a city file would need.

    Example: pharos device unknown show zigbee2mqtt/room_12
    """
    with _described(origin, city, gateway) as (_, one):
        if as_json:
            typer.echo(json.dumps(_whole(one)))
        else:
            _tell(one)


def claim(  # noqa: PLR0913, PLR0917 - every option of the command
    origin: Origin,
    city: OnlyCity = None,
    gateway: Gateway = None,
    write: CityFile = None,
    only_print: Print = False,
    as_json: Json = False,
) -> None:
    """Take what somebody sent, once the city file declares it; --print or --write give the lines that it needs.

    What it sent takes the same steps as live messages, as of when it came, and figures are computed again.

    Example: pharos device claim zigbee2mqtt/room_12 --write harbour.yaml
    """
    configure("device claim")
    with _described(origin, city, gateway) as (connection, one):
        if only_print:
            typer.echo(one.proposed.lines, nl=False)
            return
        if write is not None:
            _write(write, one)
            return
        if not one.is_declared:
            _tell(one)
            why = "no city file that is applied declares it. See --write and --print"
            if one.refused:
                why = f"the city file declares it, and what it sent is refused ({one.refused}). Mend it there"
            typer.echo(f"Nothing is taken: {why}.", err=True)
            raise typer.Exit(1)
        wanted = Filter(city=one.stranger.city, origin=one.stranger.origin)
        with streams_of(settings.load()) as stream_of:
            total = sum(retake(connection, wanted, stream_of), Retaken())
    show_retaken(total, as_json=as_json)


def _write(path: Path, one: Described) -> None:
    if not one.proposed.devices:
        raise CredentialError(f"there is nothing to write: {'; '.join(one.proposed.notes)}")
    written_city = pasting.write(path, one.proposed)
    for note in one.proposed.notes:
        typer.echo(f"note: {note}", err=True)
    typer.echo(f"{path} declares it now. Look at it, then: pharos city apply {path}")
    typer.echo(f"and: pharos device claim --city {written_city.name} {one.stranger.origin}")


@contextmanager
def _described(origin: str, city: str | None, gateway: str | None) -> Iterator[tuple[Connection, Described]]:
    chosen = settings.load()
    with connect(chosen.database(), APPLICATION) as connection:
        catalogue = registry.load(connection)
        found = [one for one in strangers(connection, None, origin) if city is None or one.city in {None, city}]
        if not found:
            raise CredentialError(f"nobody is known as {origin!r}; see: pharos device unknown list")
        whose = _city(catalogue, city or found[0].city)
        spoken = gateway or _only_anywhere(chosen, whose.name)
        one = describe(connection, found[0], catalogue, whose, spoken)
        connection.commit()
        yield connection, one


def _city(catalogue: Catalogue, name: str | None) -> City:
    known = list(catalogue.cities)
    if name is None and len(known) == 1:
        return catalogue.cities[known[0]]
    if name is None or name not in catalogue.cities:
        raise UnknownCityError(name or "(none named, see --city)", known)
    return catalogue.cities[name]


def _only_anywhere(chosen: settings.Settings, city: str) -> str | None:
    """Return the one that may speak anywhere in a city, if there is one only: then it must have been that."""
    if not is_data_folder(chosen.data):
        return None
    may = [
        one.device for one in DeviceCredentials(DataFolder(chosen.data).devices) if one.anywhere and one.city == city
    ]
    return may[0] if len(may) == 1 else None


def _tell(one: Described) -> None:
    stranger = one.stranger
    typer.echo(
        f"{stranger.origin}: {stranger.messages} messages from {_second(stranger.first_received_at)} to "
        f"{_second(stranger.last_received_at)}, {stranger.kept} kept, {stranger.dropped} dropped"
    )
    for message in one.messages[-SHOWN:]:
        typer.echo(f"  {message.topic}: {message.payload[:300].decode(errors='backslashreplace')}")
    typer.echo(_guessed(one.found))
    table = tables.table("device", "field", "quantity", "unit", "kind", "first", "last", numbers=("readings",))
    for device in one.found.devices:
        for each in device.fields:
            table.add_row(device.called, *_row(each), str(each.readings))
    if one.found.devices:
        tables.show(table)
    for note in one.proposed.notes:
        typer.echo(f"note: {note}")
    for fault in one.proposed.faults:
        typer.echo(f"to be mended in what is pasted: {fault}")
    typer.echo(one.proposed.lines, nl=False)
    if one.is_declared:
        typer.echo(f"The city file declares it by now: pharos device claim {stranger.origin}")


def _guessed(found: Guess) -> str:
    if found.decoder is None:
        return "No format reads it."
    often = f", every {written(found.interval)}" if found.interval else ""
    others = ", ".join(name for name in found.readers if name != found.decoder)
    return f"Most likely {found.decoder}{often}." + (f" Read by {others} too." if others else "")


def _row(one: GuessedField) -> tuple[str | None, ...]:
    guessed = one.quantity if one.is_fixed or one.quantity is None else f"{one.quantity}?"
    first, last = (None if value is None else tables.number(value) for value in (one.first, one.last))
    return one.name, guessed, one.unit, one.kind, first or ", ".join(one.states), last


def _whole(one: Described) -> dict[str, Any]:
    samples = [
        {
            "topic": each.topic,
            "payload": each.payload.decode(errors="backslashreplace"),
            "received_at": each.received_at,
        }
        for each in one.messages[-SHOWN:]
    ]
    found = asdict(one.found) | {"mapping": one.found.mapping and one.found.mapping.model_dump(mode="json")}
    proposed = asdict(one.proposed) | {"lines": one.proposed.lines}
    return {
        **_document(asdict(one.stranger)),
        "samples": samples,
        "guess": found,
        "proposal": proposed,
        "is_declared": one.is_declared,
        "refused": one.refused,
    }


def _document(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _second(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
