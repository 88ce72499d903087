"""``pharos device``: the credentials with which devices connect to the broker of a stack or of a deployment."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from deploy import registered, settings, tables, unknown_devices
from deploy.command_group import CommandGroup
from deploy.embedded.accounts import NATIVE, device_user
from deploy.embedded.credentials import DeviceCredentials
from deploy.embedded.folder import DataFolder, is_data_folder
from deploy.errors import CredentialError
from deploy.options import Json
from deploy.production import mqtt_accounts
from ingest.model.binding_rights import BoundRight, Rights, rights
from ingest.topics import Channel, topic

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

UNPLACED = Rights((BoundRight("#", "#"),), is_device=False)  # as it is shown: any topic that is nobody's

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
    chosen = settings.load(data)
    if anywhere and mqtt_accounts.found(chosen.data):
        raise CredentialError("--anywhere: nobody hears unknown topics in a deployment; declare the binding first")
    known = registered.cities(chosen)
    declared = registered.address(known, city, device)
    with _credentials(chosen) as credentials:
        secret = credentials.add(city, declared or device, anywhere=anywhere)
    granted = rights(known).get((city, declared or device), NATIVE)
    is_unplaced = anywhere and not granted.bound
    _show(city, declared or device, secret, UNPLACED if is_unplaced else granted, as_json=as_json)
    if is_unplaced:
        typer.echo("It may publish on topics that are nobody's; see then: pharos device unknown list", err=True)
    elif declared is None and not granted.bound:
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
    chosen = settings.load(data)
    with _credentials(chosen) as credentials:
        native_id = _held(chosen, credentials, city, device)
        secret = credentials.rotate(city, native_id)
    granted = rights(registered.cities(chosen)).get((city, native_id), NATIVE)
    _show(city, native_id, secret, granted, as_json=as_json)


@_group.command()
def revoke(city: City, device: Device, data: Data = None) -> None:
    """Take a device's credential away; it is put out at once, its readings stay.

    Example: pharos device revoke sonderborg heat-house-strandvej-01
    """
    chosen = settings.load(data)
    with _credentials(chosen) as credentials:
        credentials.revoke(city, _held(chosen, credentials, city, device))


@_group.command("list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List the devices that may connect, without their secrets.

    Example: pharos device list --json
    """
    with _credentials(settings.load(data)) as credentials:
        known = list(credentials)
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


@contextmanager
def _credentials(chosen: settings.Settings) -> Iterator[DeviceCredentials]:
    """Yield the credentials of a stack or of a deployment, and let the latter's broker know what became of them."""
    if deployment := mqtt_accounts.found(chosen.data):
        yield deployment.devices
        if chosen.database_url is None:
            deployment.render()
        else:
            deployment.grant(rights(registered.bound_cities(chosen)))
    elif is_data_folder(chosen.data):
        yield DeviceCredentials(DataFolder(chosen.data).devices)
    else:
        raise CredentialError(
            f"{chosen.data.resolve()} is neither a data folder of Pharos nor a deployment; name one with --data or "
            "PHAROS_DATA"
        )


def _held(chosen: settings.Settings, credentials: DeviceCredentials, city: str, device: str) -> str:
    """Return the native id under which ``device`` has a credential; else ``device`` as given, as the list shows it."""
    declared = registered.address(registered.cities(chosen), city, device)
    has_one = (city, declared) in {(each.city, each.device) for each in credentials}
    return declared if declared and has_one else device


def _show(city: str, native_id: str, secret: str, granted: Rights, *, as_json: bool) -> None:
    user, native = device_user(city, native_id), [topic(city, native_id, Channel.TELEMETRY)]
    topics = [*(native if granted.is_device else []), *(right.published for right in granted.bound)]
    if as_json:
        typer.echo(json.dumps({"user": user, "secret": secret, "topic": topics[0], "topics": topics}))
        return
    typer.echo("\n".join([f"user   {user}", f"secret {secret}", *(f"topic  {each}" for each in topics)]))
    typer.echo("The secret is shown this once only.", err=True)
