"""Which figures a request is for: indicators, cities, sites and groups by name, in lists, or all of them (*)."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

from fastapi import Request

from ingest.model.calendar import Period
from ingest.model.sentences import Sentence
from kpi_engine.api import kpis
from kpi_engine.api.access import EVERY_SITE, Access
from kpi_engine.api.errors import NotFoundError, invalid
from kpi_engine.api.fetching import fetch
from kpi_engine.api.hours import Subjects
from kpi_engine.api.routes import cities
from kpi_engine.api.routes.cities import Site
from kpi_engine.engine import days_on_reading
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.errors import NotKeptError
from kpi_engine.figures.store import KnownFigure
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from processors.storage.database import Connection
from processors.storage.registry.registry import city_names
from processors.storage.statements import statements

SQL: Final = statements(__name__)
ABSENT: Final = {
    "site": Sentence("there is no site {name} in {city}"),
    "group": Sentence("there is no group {name} in {city}"),
}

EVERY: Final = EVERY_SITE


def kpis_asked(text: str, period: Period) -> list[Indicator[Any]]:
    """Return indicators by their names with commas between, or all that have a period (*).

    Raises NotFoundError for an unknown one, InvalidRequestError for one without figures of ``period``.
    """
    if text == EVERY:
        return [one for one in INDICATORS.values() if period in one.periods]
    found = [kpis.find(name) for name in dict.fromkeys(text.split(","))]
    for one in found:
        if period not in one.periods:
            raise invalid("period", f"expected one of {', '.join(one.periods)}, which {one.name} has")
    return found


def cities_asked(access: Access, asked: Sequence[str]) -> list[str]:
    """Return the cities asked for, or every one that the token may see (*), by name."""
    if EVERY not in asked:
        return sorted({name for one in asked for name in access.cities(one) or ()})
    seen = access.cities(None)
    return sorted(city_names(access.connection) if seen is None else seen)


def subject_names(
    connection: Connection, asked: Sequence[str], sites: Sequence[str], groups: Sequence[str]
) -> list[SubjectName]:
    """Return whom is asked for: the cities, or sites or groups of them, or each of these (*).

    Raises NotFoundError for a site or group that none of the cities has.
    """
    if sites and groups:
        raise invalid("group", "expected a site or a group, not both")
    if sites:
        known = {
            city: [one.name for one in fetch(connection, Site, cities.SQL["api_sites"], city=city, vertical=None)]
            for city in asked
        }
        return [SubjectName(city, one) for city, one in _chosen("site", known, sites)]
    if groups:
        known = {city: [one.name for one in cities.groups_of(connection, city)] for city in asked}
        return [SubjectName(city, group=one) for city, one in _chosen("group", known, groups)]
    return [SubjectName(city) for city in asked]


def _chosen(kind: str, known: dict[str, list[str]], asked: Sequence[str]) -> Iterator[tuple[str, str]]:
    if missing := sorted(set(asked) - {EVERY} - {name for names in known.values() for name in names}):
        raise NotFoundError(ABSENT[kind].of(name=repr(missing[0]), city=", ".join(known)))
    for city, names in known.items():
        yield from ((city, name) for name in names if EVERY in asked or name in asked)


def figures_known(
    access: Access, request: Request, names: Sequence[SubjectName], asked: FiguresAsked
) -> list[KnownFigure]:
    """Return the figures of subjects; raises InvalidRequestError where they are not known as of an instant."""
    subjects: Subjects = request.app.state.subjects
    index = subjects.current(access.connection)
    try:
        return days_on_reading.figures(access.connection, index, names, asked)
    except NotKeptError as error:
        raise invalid("as_of", str(error)) from error


def figures_version(connection: Connection) -> Hashable | None:
    """Return what changes whenever a kept figure does, or what is declared; None while anything is due.

    Figures are recorded one step after the other, so a later record never comes to light before an earlier one.
    """
    row = connection.execute(SQL["api_figures_version"]).fetchone()
    return None if row is None or row[0] is None else (row[0], subject_index.version(connection))
