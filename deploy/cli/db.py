"""``pharos db``: bring the schema forward, say where it is, back the database up and try whether that restores."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from deploy import settings
from deploy.command_group import CommandGroup
from deploy.embedded import server_programs
from deploy.errors import SettingsError
from deploy.options import Json
from deploy.postgres import backups, roles
from deploy.postgres.drill import drill
from processors.storage.database import ADMINISTERING, connect
from processors.storage.schema import columnstore
from processors.storage.schema import migrate as migration
from processors.storage.schema.columnstore import Drift

Secrets = Annotated[Path, typer.Option(help="Folder with a file for each role's password.")]
Backups = Annotated[Path, typer.Argument(help="The folder of backups; made when missing.")]
KeepDays = Annotated[int | None, typer.Option(min=1, help="Remove backups that are older; the newest stays.")]
Dump = Annotated[Path, typer.Argument(help="A dump, with its record beside it.", exists=True, dir_okay=False)]
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
def backup(folder: Backups, keep_days: KeepDays = None, programs: Programs = None, as_json: Json = False) -> None:
    """Write a dump of the database while everything runs, with a record of its rows; the dump's path is printed.

    Example: PHAROS_DATA=/var/lib/pharos pharos db backup /var/backups/pharos --keep-days 30
    """
    url, now = settings.load().database(), datetime.now(UTC)
    with _spinning("dumping the database"):
        written = backups.dump(url, folder, server_programs.chosen(programs), now)
    removed = backups.expire(folder, keep_days, now) if keep_days else []
    typer.echo(json.dumps({"dump": str(written), "removed": removed}) if as_json else written)
    if removed and not as_json:
        typer.echo(f"removed: {', '.join(removed)}", err=True)


@_group.command("drill")
def try_restore(dump: Dump, programs: Programs = None, as_json: Json = False) -> None:
    """Restore a backup into a server of its own, compare every table with the record, and throw it away.

    Nothing that runs is touched. Exit code 1 where the backup is not as it was recorded.

    Example: pharos db drill /var/backups/pharos/pharos-20261201T031700Z.dump
    """
    with _spinning("starting a server") as announce:
        found = drill(dump, server_programs.chosen(programs), announce)
    if as_json:
        typer.echo(json.dumps({"dump": str(dump), **asdict(found)}))
        raise typer.Exit(1 if found.differences else 0)
    for difference in found.differences:
        typer.echo(f"not as recorded: {difference}", err=True)
    if found.pending:
        typer.echo(f"of an older version: a start would apply {', '.join(found.pending)}", err=True)
    if not found.differences:
        typer.echo(f"{dump.name} restores: {found.tables} tables, {found.rows:,} rows, each as recorded")
    raise typer.Exit(1 if found.differences else 0)


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
