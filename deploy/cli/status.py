"""``pharos status``: what runs, what does not move since when and why, what waits, what is under way; on one screen."""

import json
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import typer
from rich.table import Table

from deploy import settings, tables
from deploy.errors import SettingsError
from deploy.options import Json
from deploy.status import Roles, Standing, sentences


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


def status(as_json: Json = False) -> None:
    """Show what runs, what does not move since when and why, and what waits. Exit code 1 if anything does not move.

    It asks the roles of PHAROS_ROLES (name=HOST:PORT of each PHAROS_INTERNAL, separated by commas), which a running
    pharos up leaves in its data folder.

    Example: PHAROS_DATA=~/pharos pharos status
    """
    roles = settings.load().roles
    if not roles:
        raise SettingsError(
            "PHAROS_ROLES: not set; expected name=host:port of each role's PHAROS_INTERNAL, separated by commas. Or "
            "run: pharos up, and this command beside it with the same PHAROS_DATA"
        )
    with closing(Roles()) as asked:
        standings = asked.ask(roles)
    stuck = sentences(standings)
    if as_json:
        typer.echo(json.dumps(_document(standings, stuck)))
    else:
        _print(standings, stuck)
    raise typer.Exit(1 if stuck else 0)


def _print(standings: list[Standing], stuck: list[str]) -> None:
    console = tables.console()
    for sentence in stuck or ["Everything moves."]:
        console.print(sentence, soft_wrap=True)
    for note in [note for one in standings for note in one.notes]:
        console.print(note, soft_wrap=True)
    tables.show(_table(standings))


def _table(standings: list[Standing]) -> Table:
    table = tables.table("role", "state", "for", "what waits, for how long")
    for one in standings:
        waits = ", ".join(f"{name}: {age:.0f} s" for name, age in one.oldest.items() if age) or "nothing"
        table.add_row(one.role, _state(one), _lasting(one), waits if one.oldest else "")
    return table


def _state(one: Standing) -> str:
    if one.is_standing_by:
        return "stands by"
    return "; ".join(trouble.sentence for trouble in one.troubles) or "moves"


def _lasting(one: Standing) -> str:
    first = one.first
    return f"{(datetime.now(UTC) - first.since).total_seconds():.0f} s" if first else ""


def _document(standings: list[Standing], stuck: list[str]) -> dict[str, Any]:
    roles = [
        asdict(one) | {"troubles": [asdict(each) | {"since": each.since.isoformat()} for each in one.troubles]}
        for one in standings
    ]
    return {"not_moving": stuck, "notes": [note for one in standings for note in one.notes], "roles": roles}
