"""``pharos kpi lineage-of-day``: what stands behind the figure of one site and day."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from deploy import registered, settings
from deploy.civil_time import instant
from deploy.kpi.answers import print_json
from deploy.kpi.options import CityName, GroupName, Kpi
from ingest.model.calendar import Period
from kpi_engine.engine import days_on_reading, reload_inputs
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.errors import KpiError
from kpi_engine.indicators import indicator
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from processors.storage import database


def add_to(group: typer.Typer) -> None:
    """Add the command to those of ``pharos kpi``."""
    group.command()(lineage_of_day)


def lineage_of_day(  # noqa: PLR0913, PLR0917 - a day is found by all of these
    kpi: Kpi,
    city: CityName,
    day: Annotated[str, typer.Option(help="The day in the city's time.")],
    site: Annotated[str | None, typer.Option(help="The site.")] = None,
    group: GroupName = None,
    complete: Annotated[bool, typer.Option("--complete", help="Inputs whole, not hours as a digest.")] = False,
) -> None:
    """Compute the figure of a day of a site or group again, and print it with its inputs and factors as JSON.

    Such days are not kept, so they have no value_id and no revisions.

    Example: pharos kpi lineage-of-day heat_delivered --city sonderborg --site school --day 2026-01-01
    """
    chosen = indicator(kpi)
    with database.connect(settings.load().database(), "pharos kpi lineage-of-day") as connection:
        name = SubjectName(city, site, group)
        registered.require_subject(connection, name)
        if site is None and group is None:
            raise KpiError("expected --site or --group; days of a city are kept, see pharos kpi values --json")
        index = subject_index.load(connection)
        subject = index.select(*name)[0]
        start = instant(day, subject.zone, "--day")
        asked = FiguresAsked(chosen, Period.DAY, start, start + timedelta(microseconds=1))
        found = days_on_reading.lineage(connection, index, subject, asked)
        if found is None:
            raise KpiError(f"there is no figure of {kpi} for {site or group} in {city} on {day}")
        print_json(asdict(reload_inputs.with_inputs(connection, found) if complete else found))
