"""``pharos notify``: people are told of alarms, by mail, webhook and what Apprise brings."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy import settings, tables
from deploy.command_group import CommandGroup
from deploy.errors import NotificationError
from deploy.notifications import alertmanager, declaration, record
from deploy.notifications.delivery import deliver
from deploy.notifications.message import title_of, trial
from deploy.notifications.notifier import Notifier
from deploy.notifications.trials import NotificationTrials
from deploy.options import Json
from deploy.progress import Progress
from deploy.report import Report
from deploy.roles.notify import APPLICATION, MEANS, TABLES, NotifyRole
from deploy.roles.role import work_with_database
from deploy.roles.start import start, watched
from ingest.model.declarations.expected import one_of
from ingest.model.time import isoformat, to_micros
from processors.storage.database import connect

File = Annotated[Path, typer.Argument(help="A file of receivers and routes.", exists=True, dir_okay=False)]
Limit = Annotated[int, typer.Option(min=1, help="At most so many messages, the newest first.")]

_group = CommandGroup("notify", "People are told of alarms, as a file of receivers and routes says.")
register = _group.register


@_group.command("run")
def run(file: File, once: Annotated[bool, typer.Option("--once", help="Tell what is due, and end.")] = False) -> None:
    """Tell people of alarms that are raised, that nobody acknowledges, and that are cleared; the role that does it.

    Works once: where it runs many times, one tells and the others wait, not ready, to take over within seconds.

    Looks every 5 seconds, and sends the trials that somebody asks for in the console. With --once, exit code 1 where
    somebody could not be told.

    Example: pharos notify run notifications.yaml
    """
    declared = declaration.load(file)
    notifier, trials = Notifier(declared), NotificationTrials(declared)
    if once:
        with connect(settings.load().database(), APPLICATION) as connection:
            trials.note_receivers(connection)
            notifier.step(connection)
            while trials.step(connection):
                pass
        if troubles := notifier.notes():
            raise NotificationError("\n".join(troubles))
        return
    chosen, stop, causes = start("notify", "database")
    role = NotifyRole(notifier, trials, causes, stop)
    with watched(chosen, Report(MEANS, causes, Progress([role.loop]), notifier.notes), [APPLICATION], TABLES):
        work_with_database(chosen.database(), APPLICATION, role.run, causes, stop)


@_group.command("test")
def send_trial(
    file: File,
    receiver: Annotated[str, typer.Argument(help="Who is sent a trial; see the file.")],
    as_json: Json = False,
) -> None:
    """Send a receiver a trial by all its ways, and say whether it was taken. Needs no database.

    Example: pharos notify test notifications.yaml night-shift
    """
    declared = declaration.load(file)
    if receiver not in declared.receivers:
        raise NotificationError(f"receiver: {one_of(declared.receivers, receiver)}")
    deliver(declared.receivers[receiver], trial(receiver, declared.console), declared.mail_server)
    told = f"{receiver} was sent a trial, and it was taken."
    typer.echo(json.dumps({"receiver": receiver, "taken": True}) if as_json else told)


@_group.command("sent")
def sent(limit: Limit = 20, as_json: Json = False) -> None:
    """List who was told of what, and when.

    Example: pharos notify sent
    """
    with connect(settings.load().database(), APPLICATION) as connection:
        found = record.newest(connection, limit)
    if as_json:
        keys = ("sent_at", "receiver", "occasion", "city", "rule", "alarms")
        rows = [(isoformat(to_micros(at)), *rest) for at, *rest in found]
        typer.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows]))
        return
    table = tables.table("sent", "receiver", "occasion", "city", "alarm", "devices")
    for at, receiver, occasion, city, rule, count in found:
        table.add_row(isoformat(to_micros(at)), receiver, occasion, city, title_of(rule), str(count))
    tables.show(table)


@_group.command("alertmanager")
def alertmanager_(file: File) -> None:
    """Print the configuration of Alertmanager that tells the same people of what Prometheus sees.

    Example: pharos notify alertmanager notifications.yaml > alertmanager.yml
    """
    typer.echo(alertmanager.configuration(declaration.load(file)), nl=False)
