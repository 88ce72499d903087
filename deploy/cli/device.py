"""``pharos device``: the credentials with which devices connect to the broker of an embedded stack."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy import registered, settings, tables
from deploy.embedded.accounts import device_user
from deploy.embedded.credentials import DeviceCredentials
from deploy.embedded.folder import DataFolder, is_data_folder
from deploy.errors import CredentialError
from ingest.topics import Channel, topic

City = Annotated[str, typer.Argument(help="Name of the city, as in its city file.")]
Device = Annotated[str, typer.Argument(help="Name of the device, as in the city file, or its native id.")]
Data = Annotated[Path | None, typer.Option(help="Data folder of the stack; PHAROS_DATA or ./data when left out.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_group = typer.Typer(help="Credentials of devices; a running stack notices changes at once.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(_group, name="device")


@_group.command()
def add(city: City, device: Device, data: Data = None, as_json: Json = False) -> None:
    """Issue a secret to a device. It is shown once and stored nowhere.

    Example: pharos device add sonderborg-demo meter-house-01
    """
    chosen = settings.load(data)
    credentials = _credentials(chosen)
    declared = registered.address(registered.cities(chosen), city, device)
    _show(city, declared or device, credentials.add(city, declared or device), as_json=as_json)
    if declared is None:
        typer.echo(
            f"No known city file declares {city}/{device}: it is taken for a native id, and until a city file declares "
            "it, what it sends is quarantined.",
            err=True,
        )


@_group.command()
def rotate(city: City, device: Device, data: Data = None, as_json: Json = False) -> None:
    """Replace a device's secret; the former one ends at once.

    Example: pharos device rotate sonderborg-demo meter-house-01
    """
    credentials, native_id = _held(settings.load(data), city, device)
    _show(city, native_id, credentials.rotate(city, native_id), as_json=as_json)


@_group.command()
def revoke(city: City, device: Device, data: Data = None) -> None:
    """Take a device's credential away; it is put out at once, its readings stay.

    Example: pharos device revoke sonderborg-demo meter-house-01
    """
    credentials, native_id = _held(settings.load(data), city, device)
    credentials.revoke(city, native_id)


@_group.command("list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List the devices that may connect, without their secrets.

    Example: pharos device list --json
    """
    known = list(_credentials(settings.load(data)))
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


def _credentials(chosen: settings.Settings) -> DeviceCredentials:
    if not is_data_folder(chosen.data):
        raise CredentialError(
            f"{chosen.data.resolve()} is no data folder of Pharos; name that of the stack with --data or PHAROS_DATA"
        )
    return DeviceCredentials(DataFolder(chosen.data).devices)


def _held(chosen: settings.Settings, city: str, device: str) -> tuple[DeviceCredentials, str]:
    """Return the credentials and the native id under which ``device`` has one; else as given, as the list shows it."""
    credentials = _credentials(chosen)
    declared = registered.address(registered.cities(chosen), city, device)
    has_one = (city, declared) in {(each.city, each.device) for each in credentials}
    return credentials, declared if declared and has_one else device


def _show(city: str, native_id: str, secret: str, *, as_json: bool) -> None:
    user, telemetry = device_user(city, native_id), topic(city, native_id, Channel.TELEMETRY)
    if as_json:
        typer.echo(json.dumps({"user": user, "secret": secret, "topic": telemetry}))
        return
    typer.echo(f"user   {user}\nsecret {secret}\ntopic  {telemetry}")
    typer.echo("The secret is shown this once only.", err=True)
