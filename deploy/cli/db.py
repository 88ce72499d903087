"""``pharos db``: bring the schema forward, say where it is, back the database up and try whether that restores."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from deploy import settings, tables
from deploy.command_group import CommandGroup
from deploy.embedded import server_programs
from deploy.embedded.server_programs import ServerPrograms
from deploy.errors import BackupError, SettingsError
from deploy.options import Json
from deploy.postgres import archiving, backup_times, backups, daily, recovery, roles
from deploy.postgres.archive import Archive
from deploy.postgres.daily import DAY, BackupTask
from deploy.postgres.drill import Finding, drill
from deploy.roles.role import Stop
from processors.storage.database import ADMINISTERING, connect
from processors.storage.schema import columnstore
from processors.storage.schema import migrate as migration
from processors.storage.schema.columnstore import Drift

Secrets = Annotated[Path, typer.Option(help="Folder with a file for each role's password.")]
Backups = Annotated[Path, typer.Argument(help="The folder of backups; made when missing.")]
KeepDays = Annotated[int | None, typer.Option(min=1, help="Remove backups that are older; the newest stays.")]
Listed = Annotated[Path, typer.Argument(help="The folder of backups.", exists=True, file_okay=False)]
Kept = Annotated[Path, typer.Argument(help="A dump, with its record beside it, or an archive's folder.", exists=True)]
CopyTo = Annotated[Path | None, typer.Option(help="Copy it to this folder of another machine, too.")]
DailyAt = Annotated[str | None, typer.Option(metavar="HH:MM", help="Stay, and do so every day at this time, UTC.")]
NewestHours = Annotated[int | None, typer.Option(min=1, help="How old the newest may be.")]
Moment = Annotated[str | None, typer.Option(metavar="TIME", help="The moment, RFC 3339; the newest there is.")]
Server = Annotated[str | None, typer.Option(metavar="URL", help="Restore into a new database of this server.")]
ArchiveFolder = Annotated[Path, typer.Argument(metavar="ARCHIVE", help="The archive's folder.")]
NewData = Annotated[Path, typer.Argument(metavar="DATA", help="The data folder to be; it must not be there.")]
BaseDays = Annotated[int, typer.Option(min=1, help="How often all files are copied.")]
ArchiveDays = Annotated[int, typer.Option("--keep-days", min=1, help="How far back any moment can be restored.")]
Programs = Annotated[Path | None, typer.Option("--postgres-bin", help="Folder of PostgreSQL's programs; the wheel's.")]

_group = CommandGroup("db", "The schema of the database.")
register = _group.register


@_group.command()
def migrate(as_json: Json = False) -> None:
    """Apply the migrations that are pending; several processes may do so at once.

    Example: PHAROS_DATABASE_URL=postgresql://pharos:...@localhost/pharos pharos db migrate
    """
    url = settings.load().database()
    applied = migration.migrate(url)
    roles.grant(url)
    if as_json:
        typer.echo(json.dumps(applied))
    else:
        typer.echo("\n".join(f"applied {name}" for name in applied) or "Nothing to do: the schema is current.")


@_group.command("roles")
def make_roles(secrets: Secrets, as_json: Json = False) -> None:
    """Make the roles of a deployment and set their passwords; PHAROS_DATABASE_URL is a superuser's. Safe to repeat.

    The folder holds database-owner, database-writer, database-kpi, database-api and database-grafana.

    Example: PHAROS_DATABASE_URL=postgresql://postgres@database/pharos pharos db roles --secrets /run/secrets
    """
    roles.create(settings.load().database(), {user: _secret(secrets / f"database-{user}") for user in roles.USERS})
    made = list(roles.ROLES.values())
    told = f"{', '.join(made)} can connect. Next: pharos db migrate, as {roles.OWNER}"
    typer.echo(json.dumps({"roles": made}) if as_json else told)


@_group.command()
def status(as_json: Json = False) -> None:
    """List every migration and when it was applied; exit code 1 while any is pending or a policy is not as declared.

    Example: pharos db status --json
    """
    url = settings.load().database()
    steps = migration.status(url)
    is_current = all(step.applied_at for step in steps)
    drift = _drift(url) if is_current else []
    if as_json:
        rows = [{"name": step.name, "applied_at": step.applied_at and step.applied_at.isoformat()} for step in steps]
        typer.echo(json.dumps(rows))
    else:
        for step in steps:
            typer.echo(f"{step.name}  {step.applied_at.isoformat() if step.applied_at else 'pending'}")
    for one in drift:
        typer.echo(f"not as declared: {one}", err=True)
    raise typer.Exit(0 if is_current and not drift else 1)


@_group.command()
def policies(
    apply: Annotated[bool, typer.Option("--apply", help="Declare them again, in place of what was changed.")] = False,
    as_json: Json = False,
) -> None:
    """List what of TimescaleDB's compression is not as declared; exit code 1 where something is.

    Example: pharos db policies --apply
    """
    url = settings.load().database()
    if apply:
        with closing(connect(url, "pharos db", ADMINISTERING)) as connection:
            columnstore.apply(connection)
    drift = _drift(url)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in drift]))
    else:
        typer.echo("\n".join(map(str, drift)) or "As declared.")
    raise typer.Exit(1 if drift else 0)


@_group.command()
def backup(  # noqa: PLR0913 - every option of the command
    folder: Backups,
    keep_days: KeepDays = None,
    copy_to: CopyTo = None,
    daily_at: DailyAt = None,
    *,
    programs: Programs = None,
    as_json: Json = False,
) -> None:
    """Write a dump of the database while everything runs, with a record of its rows; the dump's path is printed.

    With a time of day it stays and does so every day, and at once where the newest dump is older than a day.

    Example: PHAROS_DATA=/var/lib/pharos pharos db backup /var/backups/pharos --keep-days 30 --copy-to /mnt/elsewhere
    """
    task = BackupTask(settings.load().database(), folder, server_programs.chosen(programs), keep_days, copy_to)
    if daily_at:
        daily.run(task.once, partial(backups.due, folder, DAY), daily.time_of_day(daily_at), Stop(), typer.echo)
        return
    with _spinning("dumping the database"):
        done = task.once()
    typer.echo(json.dumps({"dump": str(done.dump), "removed": done.removed}) if as_json else done.dump)
    if done.removed and not as_json:
        typer.echo(f"removed: {', '.join(done.removed)}", err=True)
    if done.trouble:
        raise BackupError(done.trouble)


@_group.command("backups")
def list_backups(folder: Listed, newest_hours: NewestHours = None, as_json: Json = False) -> None:
    """List the backups in a folder; exit code 1 where there is none, or the newest is older than it may be.

    Example: pharos db backups /var/backups/pharos --newest-hours 26
    """
    found = backups.listed(folder)
    if as_json:
        rows = [{"dump": one.dump, "began": one.began.isoformat(), "rows": sum(one.rows.values())} for one in found]
        typer.echo(json.dumps(rows))
    else:
        table = tables.table("dump", "began (UTC)", "rows", "size, MiB")
        for one in found:
            size = (folder / one.dump).stat().st_size / 2**20
            table.add_row(one.dump, f"{one.began:%Y-%m-%d %H:%M}", f"{sum(one.rows.values()):,}", f"{size:,.1f}")
        tables.show(table)
    oldest = datetime.now(UTC) - timedelta(hours=newest_hours) if newest_hours else datetime.min.replace(tzinfo=UTC)
    raise typer.Exit(0 if found and found[-1].began >= oldest else 1)


@_group.command("drill")
def try_restore(
    backup: Kept, to: Moment = None, server: Server = None, programs: Programs = None, as_json: Json = False
) -> None:
    """Restore a backup into a server of its own, compare every table with the record, and throw it away.

    Of an archive (a folder), the database as it was at a moment. Nothing that runs is touched. Exit code 1 where
    something is not as it was recorded, or the ledger does not add up.

    Example: pharos db drill /var/backups/pharos/pharos-20261201T031700Z.dump
    """
    began = datetime.now(UTC)
    if backup.is_dir():
        _try_archive(Archive(backup), _moment(to), server_programs.chosen(programs), as_json)
    else:
        with _spinning("starting a server") as announce:
            found = drill(backup, server_programs.chosen(programs), announce, server)
        _tell(backup, found, as_json)
        if found.differences:
            raise typer.Exit(1)
    if settings.load().database_url:
        backup_times.note(settings.load().database(), backup_times.Protection.DRILL, began)


@_group.command()
def archive(
    folder: ArchiveFolder, base_days: BaseDays = 7, keep_days: ArchiveDays = 30, programs: Programs = None
) -> None:
    """Receive the log of the database as it is written, with a base backup every week: any moment can be restored.

    It stays until it is stopped. Run it on another machine than the database, or let its folder be on one.

    Example: PHAROS_DATABASE_URL=postgresql://pharos_owner@database/pharos pharos db archive /mnt/elsewhere/archive
    """
    url, chosen = settings.load().database(), server_programs.chosen(programs)
    archiving.run(
        Archive(folder), url, chosen, archiving.Keeping(base_days, keep_days), stop=Stop(), announce=typer.echo
    )


@_group.command("recover")
def recover_moment(
    archive: ArchiveFolder, data: NewData, to: Moment = None, programs: Programs = None, as_json: Json = False
) -> None:
    """Make the data folder of a server that becomes at its start what the archived one was at a moment.

    Start a PostgreSQL of the same version on it: it reads the archive until then and goes on from there.

    Example: pharos db recover /mnt/elsewhere/archive /var/lib/postgresql/recovered --to 2026-12-01T03:17:00Z
    """
    with _spinning("unpacking a base backup"):
        base = recovery.recover(Archive(archive), data, _moment(to), server_programs.chosen(programs))
    if as_json:
        typer.echo(json.dumps({"data": str(data), "base_began": base.began.isoformat(), "server": base.server}))
    else:
        typer.echo(f"{data} begins with the base backup of {base.began:%Y-%m-%d %H:%M} UTC, PostgreSQL {base.server}")


def _tell(backup: Path, found: Finding, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"dump": str(backup), **asdict(found)}))
        return
    for difference in found.differences:
        typer.echo(f"not as recorded: {difference}", err=True)
    if found.pending:
        typer.echo(f"of an older version: a start would apply {', '.join(found.pending)}", err=True)
    if not found.differences:
        typer.echo(f"{backup.name} restores: {found.tables} tables, {found.rows:,} rows, each as recorded")


def _try_archive(archive: Archive, moment: datetime | None, programs: ServerPrograms, as_json: bool) -> None:
    with _spinning("looking at the archive") as announce:
        found = recovery.drill(archive, moment, programs, announce)
    if as_json:
        typer.echo(json.dumps({**asdict(found), "last": found.last and found.last.isoformat()}))
    else:
        for account in found.unbalanced:
            typer.echo(f"the ledger of {account}, does not add up", err=True)
        until = f"{found.last:%Y-%m-%d %H:%M:%S} UTC" if found.last else "its base backup"
        typer.echo(f"recovered until {until}: {len(found.rows)} tables, {sum(found.rows.values()):,} rows")
    if found.unbalanced:
        raise typer.Exit(1)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        moment = None
    if text and (moment is None or moment.tzinfo is None):
        raise typer.BadParameter(f"{text!r} is no moment; expected such as 2026-12-01T03:17:00Z", param_hint="--to")
    return moment


@contextmanager
def _spinning(beginning: str) -> Iterator[Callable[[str], None]]:
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(beginning, total=None)
        yield lambda said: progress.update(task, description=said)


def _drift(url: str) -> list[Drift]:
    with closing(connect(url, "pharos db", ADMINISTERING)) as connection:
        return columnstore.drift(connection)


def _secret(path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    if not secret:
        raise SettingsError(f"{path} is empty; expected a password")
    return secret
