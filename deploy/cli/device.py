"""``pharos device``: the credentials with which devices connect to the broker of an embedded stack."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy import settings
from deploy.embedded.credentials import DeviceCredentials
from deploy.embedded.folder import DataFolder, is_data_folder
from deploy.errors import CredentialError
from ingest.model import city_file

City = Annotated[str, typer.Argument(help="Name of the city, as in its city file.")]
Device = Annotated[str, typer.Argument(help="Name of the device, as in the city file.")]
Data = Annotated[Path | None, typer.Option(help="Data folder of the stack; PHAROS_DATA or ./data when left out.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_group = typer.Typer(help="Credentials of devices; a running stack notices changes at once.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(_group, name="device")


@_group.command()
def add(city: City, device: Device, data: Data = None, as_json: Json = False) -> None:
    """Issue a secret to a device. It is shown once and stored nowhere.

    Example: pharos device add lighthouse heat-meter-7
    """
    chosen = settings.load(data)
    secret = _credentials(chosen).add(city, device)
    _show(city, device, secret, as_json=as_json)
    if chosen.cities and not _is_declared(chosen, city, device):
        typer.echo(f"No city file names {city}/{device} yet: until one does, what it sends is quarantined.", err=True)


@_group.command()
def rotate(city: City, device: Device, data: Data = None, as_json: Json = False) -> None:
    """Replace a device's secret; the former one ends at once.

    Example: pharos device rotate lighthouse heat-meter-7
    """
    _show(city, device, _credentials(settings.load(data)).rotate(city, device), as_json=as_json)


@_group.command()
def revoke(city: City, device: Device, data: Data = None) -> None:
    """Take a device's credential away; it is put out at once, its readings stay.

    Example: pharos device revoke lighthouse heat-meter-7
    """
    _credentials(settings.load(data)).revoke(city, device)


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
    table = Table("city", "device", "user name", "secret issued")
    for each in known:
        table.add_row(each.city, each.device, each.user, each.issued_at)
    Console().print(table)


def _credentials(chosen: settings.Settings) -> DeviceCredentials:
    if not is_data_folder(chosen.data):
        raise CredentialError(
            f"{chosen.data.resolve()} is no data folder of Pharos; name that of the stack with --data or PHAROS_DATA"
        )
    return DeviceCredentials(DataFolder(chosen.data).devices)


def _show(city: str, device: str, secret: str, *, as_json: bool) -> None:
    user, topic = f"{city}.{device}", f"pharos/v1/{city}/{device}/telemetry"
    if as_json:
        typer.echo(json.dumps({"user": user, "secret": secret, "topic": topic}))
        return
    typer.echo(f"user   {user}\nsecret {secret}\ntopic  {topic}")
    typer.echo("The secret is shown this once only.", err=True)


def _is_declared(chosen: settings.Settings, city: str, device: str) -> bool:
    declared = [city_file.load(path) for path in chosen.cities]
    return any(one.name == city and device in {known.name for known in one.devices} for one in declared)
