"""``pharos alarms``: what is wrong with devices, since when, and who has seen it."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from getpass import getuser
from typing import Annotated

import typer

from deploy import registered, settings, tables
from deploy.command_group import CommandGroup
from deploy.options import Json, OnlyCity
from kpi_engine.alarms import journal
from kpi_engine.alarms.handling import Handler
from kpi_engine.alarms.journal import AlarmFilter
from processors.storage import database

Device = Annotated[str | None, typer.Option(help="Only this device.")]
Rule = Annotated[str | None, typer.Option(help="Only this rule, for example silence.")]
Every = Annotated[bool, typer.Option("--all", help="Cleared ones as well.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")]
Number = Annotated[int, typer.Argument(help="The number that list shows.")]
By = Annotated[str | None, typer.Option(help="Who has seen it; the user of this computer when left out.")]

_group = CommandGroup("alarms", "Alarms of devices, open until they are cleared.")
register = _group.register


@_group.command("list")
def list_(  # noqa: PLR0913, PLR0917 - an option each
    city: OnlyCity = None,
    device: Device = None,
    rule: Rule = None,
    every: Every = False,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """List open alarms, the newest first.

    Example: pharos alarms list --city sonderborg
    """
    wanted = AlarmFilter([city] if city else None, device, rule, is_open=not every)
    with database.connect(settings.load().database(), "pharos alarms") as connection:
        registered.require_city(connection, city)
        found = journal.read(connection, wanted, limit)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], default=_text))
        return
    table = tables.table("number", "raised", "cleared", "severity", "city", "device", "rule", "seen by", "detail")
    for one in found:
        by = one.acknowledged_by or ""
        times = (_text(one.raised_at), _text(one.cleared_at) if one.cleared_at else "")
        table.add_row(str(one.alarm_id), *times, one.severity, one.city, one.device, one.rule, by, one.detail)
    tables.show(table)


@_group.command()
def ack(number: Number, by: By = None, as_json: Json = False) -> None:
    """Record that somebody has seen an alarm; it stays open until it is cleared.

    Example: pharos alarms ack 17 --by "Night shift"
    """
    with database.connect(settings.load().database(), "pharos alarms") as connection:
        (found,) = Handler(connection, by or getuser(), datetime.now(UTC)).acknowledge([number])
    if as_json:
        typer.echo(json.dumps(asdict(found), default=_text))
    else:
        typer.echo(f"{number} ({found.rule} of {found.device}) was acknowledged by {found.acknowledged_by}.")


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
