"""``pharos db``: bring the schema forward, and say where it is."""

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deploy import settings
from deploy.command_group import CommandGroup
from deploy.errors import SettingsError
from deploy.options import Json
from deploy.postgres import roles
from processors.storage.database import ADMINISTERING, connect
from processors.storage.schema import columnstore
from processors.storage.schema import migrate as migration
from processors.storage.schema.columnstore import Drift

Secrets = Annotated[Path, typer.Option(help="Folder with a file for each role's password.")]

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
def make_roles(secrets: Secrets) -> None:
    """Make the roles of a deployment and set their passwords; PHAROS_DATABASE_URL is a superuser's. Safe to repeat.

    The folder holds database-owner, database-writer, database-kpi, database-api and database-grafana.

    Example: PHAROS_DATABASE_URL=postgresql://postgres@database/pharos pharos db roles --secrets /run/secrets
    """
    roles.create(settings.load().database(), {user: _secret(secrets / f"database-{user}") for user in roles.USERS})
    typer.echo(f"{', '.join(roles.ROLES.values())} can connect. Next: pharos db migrate, as {roles.OWNER}")


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
