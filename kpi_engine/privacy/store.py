"""The rule of each city as the database keeps it: made anew when the city file changes, read by all who obey it."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from psycopg.types.json import Jsonb

from ingest.model.city.households import next_month
from kpi_engine.privacy.ruling import AskedRuling, Ruling, SeenFigure, ruling
from kpi_engine.subjects.subject import WHOLE_CITY, Subject
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class _Wanted(NamedTuple):
    """A city with households, and what its rule was made of."""

    city: str
    city_id: int
    applied_at: object
    is_ruled: bool | None
    digest: str | None
    today: date


def publish(connection: Connection, index: SubjectIndex) -> list[str]:
    """Make the rules of cities anew where they changed, and return the names of these; in the caller's transaction."""
    known = index.version[1] if index.version else None
    changed = []
    wanted = [_Wanted(*row) for row in connection.execute(SQL["rule_wanted"], {"known": known}).fetchall()]
    by_city = {name: list(of) for name, of in groupby(index.subjects.values(), lambda subject: subject.city.name)}
    for one in wanted:
        if subjects := by_city.get(one.city):
            changed += [one.city] * _publish(connection, one, subjects, index)
    return changed


def _publish(connection: Connection, one: _Wanted, subjects: Sequence[Subject], index: SubjectIndex) -> bool:
    asked = AskedRuling(subjects[0].city, subjects, index.names)
    if one.digest == asked.digest and one.is_ruled:
        return False
    key: dict[str, Any] = {"city_id": one.city_id, "today": one.today}
    if one.digest != asked.digest:
        before = _shown_before(connection, key)
        found = ruling(AskedRuling(asked.city, subjects, index.names, before))
        _keep(connection, key, subjects, found)
    connection.execute(SQL["rule_keep"], key | {"applied_at": one.applied_at, "digest": asked.digest})
    return True


def _keep(connection: Connection, key: dict[str, Any], subjects: Sequence[Subject], found: Ruling) -> None:
    ids = {subject.name: subject.site_id or WHOLE_CITY for subject in subjects}
    connection.execute(SQL["rule_clear"], key)
    connection.execute(SQL["seen_until"], key)
    with connection.cursor() as cursor:
        cursor.executemany(SQL["rule_site"], [key | {"site": site} for site in sorted(found.household_sites)])
        cursor.executemany(
            SQL["rule_figure"],
            [
                key
                | {"site_id": ids[one.subject], "first": one.days[0], "end": one.days[1]}
                | {"anytime": list(one.anytime), "months": list(one.months)}
                for one in found.figures
            ],
        )
        cursor.executemany(
            SQL["seen_keep"],
            [
                key
                | {"stream": one.stream, "first": one.days[0], "end": one.days[1]}
                | {"figure": Jsonb([[name, count, *map(date.isoformat, days)] for name, count, days in one.of])}
                for one in found.seen
            ],
        )


def _shown_before(connection: Connection, key: dict[str, Any]) -> list[SeenFigure]:
    """Return of whom figures were that evaluators may have seen: of months that had begun before the rule changed."""
    found = []
    for stream, first, end, until, figure in connection.execute(SQL["seen_of_city"], key):
        shown_to = min(end, next_month(until or key["today"]))
        of = tuple((name, count, (date.fromisoformat(a), date.fromisoformat(b))) for name, count, a, b in figure)
        if first < shown_to:
            found.append(SeenFigure(stream, (first, shown_to), of))
    return found
