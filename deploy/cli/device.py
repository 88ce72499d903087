"""``pharos device``: the credentials with which devices connect to the broker of a stack or of a deployment."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy import settings, tables, unknown_devices
from deploy.command_group import CommandGroup
from deploy.device_access import DeviceAccess
from deploy.options import Json
from ingest.model.issued_credential import IssuedCredential

City = Annotated[str, typer.Argument(help="Name of the city, as in its city file.")]
Device = Annotated[str, typer.Argument(help="Name of the device, as in the city file, or its native id.")]
Anywhere = Annotated[
    bool,
    typer.Option(
        "--anywhere",
        help="Until a city file places it, let it publish on topics that are nobody's: it waits in the inbox.",
    ),
]
Data = Annotated[Path | None, typer.Option(help="Folder of stack or deployment; PHAROS_DATA or ./data when left out.")]

_group = CommandGroup(
    "device", "Credentials of devices, and who is not declared; a running stack notices changes at once."
)
register = _group.register
unknown_devices.group.register(_group)
_group.command("claim")(unknown_devices.claim)


@_group.command()
def add(city: City, device: Device, anywhere: Anywhere = False, data: Data = None, as_json: Json = False) -> None:
    """Issue a secret to a device, or to a gateway of bindings. It is shown once and stored nowhere.

    Example: pharos device add sonderborg heat-house-strandvej-01
    """
    issued = DeviceAccess(settings.load(data)).add(city, device, anywhere=anywhere)
    _show(issued, as_json=as_json)
    if issued.is_anywhere:
        typer.echo("It may publish on topics that are nobody's; see then: pharos device unknown list", err=True)
    elif not issued.is_declared:
        typer.echo(
            f"No known city file declares {city}/{device}: it is taken for a native id, and until a city file declares "
            "it, what it sends is quarantined.",
            err=True,
        )


@_group.command()
def rotate(city: City, device: Device, data: Data = None, as_json: Json = False) -> None:
    """Replace a device's secret; the former one ends at once.

    Example: pharos device rotate sonderborg heat-house-strandvej-01
    """
    _show(DeviceAccess(settings.load(data)).rotate(city, device), as_json=as_json)


@_group.command()
def revoke(city: City, device: Device, data: Data = None, as_json: Json = False) -> None:
    """Take a device's credential away; it is put out at once, its readings stay.

    Example: pharos device revoke sonderborg heat-house-strandvej-01
    """
    DeviceAccess(settings.load(data)).revoke(city, device)
    if as_json:
        typer.echo(json.dumps({"city": city, "device": device, "revoked": True}))
    else:
        typer.echo(f"{city}/{device} may not connect any more; its readings stay.")


@_group.command("list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List the devices that may connect, without their secrets.

    Example: pharos device list --json
    """
    known = list(DeviceAccess(settings.load(data)))
    if as_json:
        rows = [
            {"city": each.city, "device": each.device, "user": each.user, "issued_at": each.issued_at} for each in known
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    table = tables.table("city", "native id", "user name", "secret issued")
    for each in known:
        table.add_row(each.city, each.device, each.user, each.issued_at)
    tables.show(table)


def _show(issued: IssuedCredential, *, as_json: bool) -> None:
    if as_json:
        first = issued.topics[0] if issued.topics else None
        addressed = {"topic": first, "topics": issued.topics, "paths": issued.paths}
        typer.echo(json.dumps({"user": issued.user, "secret": issued.secret, **addressed}))
        return
    lines = [f"user   {issued.user}", f"secret {issued.secret}"]
    lines += [*(f"topic  {each}" for each in issued.topics), *(f"path   {each}" for each in issued.paths)]
    typer.echo("\n".join(lines))
    typer.echo("The secret is shown this once only.", err=True)
