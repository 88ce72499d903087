"""``pharos kpi lineage-of-day``: what stands behind the figure of one site and day."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from deploy import registered, settings
from deploy.civil_time import instant
from deploy.kpi.answers import print_json
from deploy.kpi.options import CityName, Kpi
from ingest.model.calendar import Period
from kpi_engine import days_on_reading, reload_inputs, subject_index
from kpi_engine.days_on_reading import FiguresAsked
from kpi_engine.errors import KpiError
from kpi_engine.indicators import indicator
from processors.storage import database


def add_to(group: typer.Typer) -> None:
    """Add the command to those of ``pharos kpi``."""
    group.command()(lineage_of_day)


def lineage_of_day(
    kpi: Kpi,
    city: CityName,
    site: Annotated[str, typer.Option(help="The site.")],
    day: Annotated[str, typer.Option(help="The day in the city's time.")],
    complete: Annotated[bool, typer.Option("--complete", help="Inputs whole, not hours as a digest.")] = False,
) -> None:
    """Compute the figure of a site's day again, and print it with its inputs and factors as JSON.

    Days of a site are not kept, so they have no value_id and no revisions.

    Example: pharos kpi lineage-of-day heat_delivered --city sonderborg --site school --day 2026-01-01
    """
    chosen = indicator(kpi)
    with database.connect(settings.load().database(), "pharos kpi lineage-of-day") as connection:
        registered.require_city(connection, city)
        registered.require_site(connection, city, site)
        index = subject_index.load(connection)
        subject = index.select(city, site)[0]
        start = instant(day, subject.zone, "--day")
        asked = FiguresAsked(chosen, Period.DAY, start, start + timedelta(microseconds=1))
        found = days_on_reading.lineage(connection, index, subject, asked)
        if found is None:
            raise KpiError(f"there is no figure of {kpi} for {site} in {city} on {day}")
        print_json(asdict(reload_inputs.with_inputs(connection, found) if complete else found))
