"""``pharos kpi rank``: the sites of a city by one indicator."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from deploy import registered, settings, tables
from deploy.civil_time import instant
from deploy.kpi.answers import bounds, print_json, print_table
from deploy.kpi.options import CityName, Kpi
from deploy.options import Json
from ingest.model.calendar import Period, floor
from ingest.model.time import from_micros, to_micros
from kpi_engine.engine import days_on_reading
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.errors import KpiError
from kpi_engine.figures import store
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.figures.ranking import RankedFigure, RankingOrder, ranking
from kpi_engine.indicators import indicator
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from processors.storage import database


def add_to(group: typer.Typer) -> None:
    """Add the command to those of ``pharos kpi``."""
    group.command()(rank)


def rank(  # noqa: PLR0913, PLR0917 - figures are found by all of these
    kpi: Kpi,
    city: CityName,
    start: Annotated[str, typer.Option(help="A day of the period in the city's time, or an RFC 3339 instant.")],
    period: Annotated[FigurePeriod, typer.Option(help="Length of the period.")] = FigurePeriod.MONTH,
    order: Annotated[
        RankingOrder | None, typer.Option(help="Which come first; without it, the sites to look at first.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="As known at this RFC 3339 instant or on this day.")] = None,
    as_json: Json = False,
) -> None:
    """Rank the sites of a city by an indicator in one period, with the places that each may have by all bounds.

    Example: pharos kpi rank heat_excess_flow --city sonderborg --start 2026-01-01
    """
    chosen = indicator(kpi)
    if not chosen.of_sites:
        raise KpiError(f"{kpi} is a figure of a city alone: there are no sites to rank")
    with database.connect(settings.load().database(), "pharos kpi rank") as connection:
        registered.require_city(connection, city)
        index = subject_index.load(connection)
        zone = index.select(city)[0].zone
        known_at = instant(as_of, zone, "--as-of") if as_of else None
        begin = from_micros(floor(to_micros(instant(start, zone, "--start")), Period(period), zone))
        figures: Sequence[store.KnownFigure]
        if Period(period) is Period.DAY and known_at is None:
            asked = FiguresAsked(chosen, Period.DAY, begin, begin + timedelta(microseconds=1))
            sites = sorted(one.site for one in index.select(city) if one.site is not None)
            figures = days_on_reading.figures(connection, index, [SubjectName(city, site) for site in sites], asked)
        else:
            figures = store.values_of_sites(connection, kpi, city, period, begin, known_at)
    if not figures:
        known = f"had been computed by {as_of}" if as_of else "is computed"
        raise KpiError(f"no figure of {kpi} for a site of {city} in the {period} of {start} {known}")
    ranked = ranking(figures, order or RankingOrder.worst_first(chosen.better))
    if as_json:
        print_json([asdict(one) for one in ranked])
    else:
        columns = ("rank", "from", "to", "site", f"value ({chosen.unit})", "between", "status", "coverage")
        print_table(columns, [_place(one) for one in ranked])
        for figure in (one.figure for one in ranked if one.figure.value is None and one.figure.reason):
            typer.echo(f"{figure.site}: {figure.reason}")


def _place(one: RankedFigure) -> tuple[str, ...]:
    figure = one.figure
    return (
        "" if one.rank is None else str(one.rank),
        str(one.best_rank),
        str(one.worst_rank),
        figure.site or "",
        "" if figure.value is None else f"{figure.value:,.4f}",
        bounds(figure),
        f"{figure.status}, due" if figure.due else figure.status,
        tables.percent(figure.coverage),
    )
