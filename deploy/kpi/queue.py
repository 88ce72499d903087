"""``pharos kpi queue``: which figures are due, since when, who computes them, and what failed last."""

from dataclasses import asdict
from typing import Annotated, Final

import typer

from deploy import registered, settings
from deploy.kpi.answers import print_json, print_table
from deploy.options import Json
from ingest.wording import first_of
from kpi_engine.engine.queue_overview import Queued, queued
from processors.storage import database

_NAMED: Final = 4  # shards or sessions, before the rest is only counted


def add_to(group: typer.Typer) -> None:
    """Add the command to those of ``pharos kpi``."""
    group.command("queue")(queue)


def queue(
    city: Annotated[str | None, typer.Option(help="Only of this city.", metavar="CITY")] = None, as_json: Json = False
) -> None:
    """Show which figures are due by city and indicator, since when, who computes them, and what failed last.

    Example: pharos kpi queue --city sonderborg
    """
    with database.connect(settings.load().database(), "pharos kpi queue") as connection:
        if city is not None:
            registered.require_city(connection, city)
        found = queued(connection, None if city is None else [city])
    if as_json:
        print_json([asdict(one) for one in found])
    elif not found:
        typer.echo("Nothing is due.")
    else:
        columns = ("city", "indicator", "due", "since (UTC)", "cause", "shards", "computed by")
        print_table(columns, [_row(one) for one in found])
        for one in found:
            if one.failed_at:
                typer.echo(f"{one.city} {one.kpi}: failed at {one.failed_at:%Y-%m-%d %H:%M:%S} UTC: {one.error}")


def _row(one: Queued) -> tuple[str, ...]:
    return (
        one.city,
        one.kpi,
        str(one.figures),
        f"{one.since:%Y-%m-%d %H:%M:%S}",
        one.cause,
        first_of(list(map(str, one.shards)), _NAMED, ", "),
        first_of(list(one.workers), _NAMED, ", ") or "nobody now",
    )
