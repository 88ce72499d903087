"""``pharos token``: issue, list and revoke access to the HTTP interface."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from deploy import settings, tables
from deploy.command_group import CommandGroup
from deploy.options import Json
from kpi_engine.api import tokens
from processors.storage import database

Name = Annotated[str, typer.Argument(help="Who holds it, for example control-room.")]
Role = Annotated[tokens.TokenRole, typer.Option(help="What the holder may see.")]
Cities = Annotated[list[str] | None, typer.Option("--city", help="A city it is good for; repeatable.")]
Days = Annotated[int | None, typer.Option(min=1, help="Days until it expires; never when left out.")]

_group = CommandGroup("token", "Access tokens of the HTTP interface and the console.")
register = _group.register


@_group.command()
def create(
    name: Name,
    role: Role = tokens.TokenRole.OPERATOR,
    cities: Cities = None,
    days: Days = None,
    as_json: Json = False,
) -> None:
    """Issue a token; its secret is printed once and stored nowhere. Without --city it is good for every city.

    Example: pharos token create control-room --role operator --city sonderborg
    """
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    with database.connect(settings.load().database(), "token") as connection:
        secret = tokens.create(connection, name, role, cities or None, expires_at)
    if as_json:
        scope = {"role": role, "cities": cities or None, "expires_at": expires_at}
        typer.echo(json.dumps({"name": name, **scope, "secret": secret}, default=_rfc3339))
    else:
        typer.echo(secret)
        typer.echo("It is shown this once only. Use it as: Authorization: Bearer TOKEN", err=True)


@_group.command("list")
def list_(as_json: Json = False) -> None:
    """List every token ever issued, without secrets.

    Example: pharos token list --json
    """
    with database.connect(settings.load().database(), "token") as connection:
        issued = tokens.issued(connection)
    if as_json:
        typer.echo(json.dumps([asdict(token) for token in issued], default=_rfc3339))
    else:
        tables.show(_table(issued))


@_group.command()
def revoke(name: Name, as_json: Json = False) -> None:
    """End a token at once; it stays in the list.

    Example: pharos token revoke control-room
    """
    with database.connect(settings.load().database(), "token") as connection:
        tokens.revoke(connection, name)
    typer.echo(json.dumps({"name": name, "revoked": True}) if as_json else f"{name} is revoked.")


def _table(issued: list[tokens.Token]) -> Table:
    table = tables.table("name", "role", "cities", "created", "expires", "revoked", "last used")
    for token in issued:
        moments = (token.created_at, token.expires_at, token.revoked_at, token.last_used_at)
        dates = (f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in moments)
        table.add_row(token.name, token.role, ", ".join(token.cities or ["every city"]), *dates)
    return table


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
