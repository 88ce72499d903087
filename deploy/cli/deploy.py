"""``pharos deploy``: the folder of secrets, certificates and accounts from which docker-compose.yml runs."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from deploy import tables
from deploy.command_group import CommandGroup
from deploy.options import Json
from deploy.production.authority import AuthorityChange
from deploy.production.deployment import MQTT_SECRETS, SECRETS, Deployment, admit_services

Folder = Annotated[Path, typer.Argument(help="The folder; docker-compose.yml expects ./production.")]
Names = Annotated[list[str] | None, typer.Option("--name", help="Host name or address by which devices reach MQTT.")]
Accounts = Annotated[Path, typer.Argument(help="The folder of the broker's accounts, which Mosquitto reads.")]
Secrets = Annotated[Path, typer.Option("--secrets", help="The folder with a file per password: mqtt-ingest and so on.")]
Secret = Annotated[str, typer.Argument(help=f"One of {', '.join(SECRETS)}.", metavar="SECRET")]


class AuthorityStep(StrEnum):
    """The steps of a change of the authority."""

    BEGIN = "begin"
    SWITCH = "switch"
    END = "end"


Step = Annotated[AuthorityStep, typer.Argument(help="What is next of the change.")]

_group = CommandGroup("deploy", "Secrets and certificates of the deployment as containers.")
register = _group.register


@_group.command()
def init(folder: Folder, names: Names = None, as_json: Json = False) -> None:
    """Make what is missing: passwords, an authority, certificates, the broker's accounts. What is there stays.

    Certificates that end within 90 days are issued anew, so run it again before they do; see: pharos deploy status

    Example: pharos deploy init production --name mqtt.example.org
    """
    made: list[str] = []
    Deployment(folder, made.append if as_json else typer.echo).prepare(names or [], datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "made": made}))


@_group.command()
def rotate(folder: Folder, secret: Secret, as_json: Json = False) -> None:
    """Replace a secret. Who uses it must be started again: see docs/operations.md.

    Example: pharos deploy rotate production database-writer
    """
    made: list[str] = []
    Deployment(folder, made.append if as_json else typer.echo).rotate(secret)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "made": made}))


@_group.command()
def accounts(folder: Accounts, secrets: Secrets, as_json: Json = False) -> None:
    """Let our processes in at Mosquitto, with the passwords that are there now; devices keep theirs. Safe to repeat.

    For Kubernetes, where accounts are on a volume and passwords come from a Secret. Elsewhere deploy init does it.

    Example: pharos deploy accounts /mosquitto/accounts --secrets /run/secrets
    """
    admit_services(folder, secrets)
    told = f"{', '.join(MQTT_SECRETS)} can connect to Mosquitto"
    typer.echo(json.dumps({"accounts": list(MQTT_SECRETS)}) if as_json else told)


@_group.command()
def authority(folder: Folder, step: Step, as_json: Json = False) -> None:
    """Put another authority in place of the deployment's, without an outage: begin, switch, end, each days apart.

    begin: both are trusted; give tls/ca.crt to devices, start roles again. switch: the new one has issued the servers'
    certificates; Mosquitto takes its own up by itself. end: the former is trusted no more. See docs/operations.md.

    Example: pharos deploy authority production begin
    """
    made: list[str] = []
    change = AuthorityChange(Deployment(folder, made.append if as_json else typer.echo))
    match step:
        case AuthorityStep.BEGIN:
            change.begin(datetime.now(UTC))
            told = "two authorities are trusted: give tls/ca.crt to every device and role. Next: switch"
        case AuthorityStep.SWITCH:
            change.switch(datetime.now(UTC))
            told = "the new authority issues: database and Kafka take their certificates up. Next: end"
        case AuthorityStep.END:
            change.end()
            told = "the former authority is trusted no more"
    typer.echo(json.dumps({"step": step, "made": made}) if as_json else told)


@_group.command()
def status(folder: Folder, as_json: Json = False) -> None:
    """Say when the certificates end; exit code 1 when one ends within 30 days.

    Example: pharos deploy status production
    """
    ends = Deployment(folder, typer.echo).certificate_ends()
    if as_json:
        typer.echo(json.dumps([{"certificate": name, "ends": end.isoformat()} for name, end in ends.items()]))
    else:
        table = tables.table("certificate", "ends")
        for name, end in ends.items():
            table.add_row(name, f"{end:%Y-%m-%d}")
        tables.show(table)
    raise typer.Exit(1 if (min(ends.values()) - datetime.now(UTC)).days < 30 else 0)
