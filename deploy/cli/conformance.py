"""``pharos conformance``: what a device did right and wrong in a span of time, rule by rule."""

import json
import time
from datetime import timedelta
from typing import Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError

from deploy import registered, settings, tables
from deploy.conformance import page
from deploy.conformance.evidence import gather
from deploy.conformance.rules import Verdict, findings
from deploy.errors import UnknownDeviceError
from deploy.options import Json
from ingest.model.catalogue import DeviceEntry
from ingest.model.declarations.declaration import Instant
from ingest.model.time import MICROSECOND, to_micros
from processors.storage.database import Connection, connect
from processors.storage.registry import registry

_SINCE: Final = TypeAdapter(timedelta | Instant)

City = Annotated[str, typer.Argument(help="Name of the city, as registered.")]
Device = Annotated[str, typer.Argument(help="Name of the device, or its native id.")]
Since = Annotated[
    str, typer.Option(metavar="TIME", help="From when on: RFC 3339 with offset, or how long ago, such as PT1H.")
]
Html = Annotated[bool, typer.Option("--html", help="Print a page of HTML.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="conformance")(conformance)


def conformance(city: City, device: Device, since: Since = "PT1H", html: Html = False, as_json: Json = False) -> None:
    """Show what a device did right and wrong, by what is stored of it. Exit code 1 if any rule is broken.

    Example: pharos conformance sonderborg heat-house-strandvej-01 --since PT6H
    """
    until = time.time_ns() // 1000
    begin = _begin(since, until)
    with connect(settings.load().database(), "pharos conformance") as connection:
        evidence = gather(connection, _registered(connection, city, device), begin, until)
    found = findings(evidence)
    if as_json:
        typer.echo(json.dumps(page.document(evidence, found)))
    elif html:
        typer.echo(page.html(evidence, found))
    else:
        table = tables.table("rule", "verdict", "expected", "found", title=page.title(evidence))
        for one in found:
            table.add_row(*one)
        tables.show(table)
        typer.echo(page.summary(found))
    if any(one.verdict is Verdict.WRONG for one in found):
        raise typer.Exit(1)


def _begin(since: str, until: int) -> int:
    try:
        given = _SINCE.validate_python(since)
    except ValidationError:
        expected = f"expected RFC 3339 with offset, or a duration such as PT1H, not {since!r}"
        raise typer.BadParameter(expected, param_hint="--since") from None
    return until - given // MICROSECOND if isinstance(given, timedelta) else to_micros(given)


def _registered(connection: Connection, city: str, device: str) -> DeviceEntry:
    registered.require_city(connection, city)
    catalogue = registry.load(connection)
    native_id = registered.address(catalogue.cities.values(), city, device)
    if native_id is None:
        names = [one.name for one in catalogue.devices.values() if one.city == city]
        raise UnknownDeviceError(device, city, names)
    return catalogue.devices[city, native_id]
