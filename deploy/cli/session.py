"""``pharos session``: the charging sessions that are known."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from deploy import registered, settings, tables
from deploy.civil_time import instant
from deploy.command_group import CommandGroup
from deploy.errors import EmptyRangeError
from deploy.options import Json, OnlyCity
from ingest.model.session import SessionFlag
from ingest.model.time import to_micros
from kpi_engine.api.charging_sessions import ChargingSession, answer
from processors.sessions.known import known_sessions, points
from processors.storage.database import connect
from processors.storage.registry import registry

Site = Annotated[str | None, typer.Option(help="Only this site.")]
Device = Annotated[str | None, typer.Option(help="Only this charging point.")]
OnlyFlag = Annotated[SessionFlag | None, typer.Option("--flag", help="Only sessions with this flag.")]
From = Annotated[
    str | None,
    typer.Option("--from", help="First day in the city's time, or an RFC 3339 instant; a day before --to if left out."),
]
To = Annotated[str | None, typer.Option("--to", help="The day or instant after the last; now if left out.")]

_group = CommandGroup("session", "Charging sessions.")
register = _group.register


@_group.command("list")
def list_(  # noqa: PLR0913 - what may be asked for
    *,
    city: OnlyCity = None,
    site: Site = None,
    device: Device = None,
    from_: From = None,
    to: To = None,
    flag: OnlyFlag = None,
    as_json: Json = False,
) -> None:
    """List charging sessions with what is wrong with them, in the order in which they began.

    Example: pharos session list --city sonderborg --from 2026-11-01 --to 2026-11-08 --flag implausible_energy
    """
    with connect(settings.load().database(), "pharos session") as connection:
        registered.require_city(connection, city)
        catalogue = registry.load(connection)
        if city is not None:
            registered.require_site(connection, city, site)
        found = []
        for name in catalogue.cities if city is None else [city]:  # a day is one of each city's own
            start, end = _span(from_, to, catalogue.cities[name].timezone)
            found += known_sessions(connection, catalogue, points(catalogue, [name], site, device), start, end)
    shown = [answer(one) for one in sorted(found, key=lambda one: one.session.begin)]
    _show([one for one in shown if flag is None or flag in one.flags], as_json=as_json)


def _span(start: str | None, end: str | None, zone: str) -> tuple[int, int]:
    """Return the range asked for in microseconds."""
    last = instant(end, zone, "--to") if end else datetime.now(UTC)
    first = instant(start, zone, "--from") if start else last - timedelta(days=1)
    if first >= last:
        raise EmptyRangeError(start or "a day before", end or "now")
    return to_micros(first), to_micros(last)


def _show(found: list[ChargingSession], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found]))
        return
    table = tables.table("begin", "end", "city", "device", "transaction", "flags", "between", numbers=("kWh",))
    for one in found:
        end = one.end.isoformat(timespec="seconds") if one.end else ""
        energy = "" if one.energy_kwh is None else f"{one.energy_kwh:.3f}"
        begin = one.begin.isoformat(timespec="seconds")
        table.add_row(begin, end, one.city, one.device, one.transaction_id, " ".join(one.flags), _between(one), energy)
    tables.show(table)


def _between(session: ChargingSession) -> str:
    """Return between what the energy lies; nothing where it is exact."""
    if session.lower_kwh == session.upper_kwh == session.energy_kwh:
        return ""
    return f"{session.lower_kwh:.3f} to {'?' if session.upper_kwh is None else f'{session.upper_kwh:.3f}'}"
