"""Writing figures: a new revision only where the figure or its inputs changed, and a record of every recomputation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from psycopg.types.json import Jsonb

from ingest.model.calendar import Period, floor, following
from ingest.model.time import from_micros
from kpi_engine.engine.causes import Cause, Why
from kpi_engine.engine.recompute_queue import key_columns
from kpi_engine.figures.code_version import CODE_VERSION
from kpi_engine.figures.figure import Figure, FigureKey
from kpi_engine.subjects.subject import Subject
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest revision of a figure; ``content`` as in Figure.content."""

    value_id: int
    revision: int
    is_current: bool
    content: tuple[Any, ...]
    rule_version: str

    def matches(self, figure: Figure) -> bool:
        """Whether the revision is current and says the same as ``figure``."""
        return self.is_current and self.content == figure.content


def write(
    connection: Connection, figures: Sequence[Figure], causes: Mapping[FigureKey, Why], stamp: Callable[[], int]
) -> int:
    """Write the figures that differ from what is known, record all of them, and return how many differed.

    In the caller's transaction, which is to end at once. The old revision ends at the instant the new one begins, so at
    any time exactly one is current; ``stamp`` returns that instant, in microseconds, once nobody reads any more.
    """
    known = _newest(connection, figures)
    changed = [figure for figure in figures if figure.key not in known or not known[figure.key].matches(figure)]
    newest = [known[figure.key] for figure in changed if figure.key in known]
    causes = {figure.key: _why(causes[figure.key], figure, known.get(figure.key)) for figure in figures}
    replaced = [one.value_id for one in newest if one.is_current]
    at = from_micros(stamp())
    connection.execute(SQL["supersede"], {"at": at, "value_ids": replaced})
    with connection.cursor() as cursor, cursor.copy(SQL["value_copy"]) as copy:
        for figure in changed:
            revision = known[figure.key].revision + 1 if figure.key in known else 1
            why = causes[figure.key]
            copy.write_row((*_row(figure), CODE_VERSION, revision, at, why.cause.value, why.detail))
    keys = {figure.key for figure in changed}
    with connection.cursor() as cursor, cursor.copy(SQL["recomputation_copy"]) as copy:
        for key in (figure.key for figure in figures):
            why = causes[key]
            copy.write_row((*_columns(key), why.cause.value, why.detail, key in keys, at))
    return len(changed)


def differing(connection: Connection, figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures that differ from what is known."""
    known = _newest(connection, figures) if figures else {}
    return [figure for figure in figures if figure.key not in known or not known[figure.key].matches(figure)]


def _why(why: Why, figure: Figure, replaced: _Newest | None) -> Why:
    """Return why a figure is another one than that which it replaces: whatever made it due, its rules may differ."""
    if replaced is None or replaced.rule_version == figure.rule_version:
        return why
    ruled = why.joined(Why(Cause.RULE_CHANGED, f"rule: version {figure.rule_version}"))
    return replace(ruled, cause=Cause.RULE_CHANGED)


def supersede_former_periods(connection: Connection, subject: Subject, now: int) -> None:
    """End the figures of periods that are none in the city's present zone; nothing takes their place.

    As of an instant before ``now`` they are still what was known. In the caller's transaction.
    """
    ids = {"city_id": subject.city_id, "site_id": subject.site_id}
    former = [
        (period, start)
        for period, start, end in connection.execute(SQL["current_periods"], ids)
        if not _is_civil(Period(period), start, end, subject.zone)
    ]
    parameters = ids | {
        "periods": [period for period, _ in former],
        "starts": [start for _, start in former],
        "at": from_micros(now),
    }
    connection.execute(SQL["supersede_periods"], parameters)


def _is_civil(period: Period, start: int, end: int, zone: str) -> bool:
    return floor(start, period, zone) == start and following(start, period, zone) == end


def _newest(connection: Connection, figures: Sequence[Figure]) -> dict[FigureKey, _Newest]:
    rows = connection.execute(SQL["newest_revisions"], key_columns(figure.key for figure in figures))
    return {
        FigureKey(kpi, (city_id, site_id), Period(period), start): _Newest(
            value_id, revision, current, tuple(content), rules
        )
        for kpi, city_id, site_id, period, start, value_id, revision, current, *content, rules in rows
    }


def _columns(key: FigureKey) -> tuple[Any, ...]:
    return (key.kpi, *key.subject, key.period.value, from_micros(key.start))


def _row(figure: Figure) -> tuple[Any, ...]:
    return (
        *_columns(figure.key),
        from_micros(figure.end),
        figure.value,
        figure.lower,
        figure.upper,
        figure.unit,
        figure.coverage,
        figure.estimated_share,
        figure.status,
        figure.reason,
        from_micros(figure.through),
        Jsonb(figure.factors),
        Jsonb(figure.inputs),
        figure.inputs_hash,
        figure.rule_version,
        None if figure.rests_from is None else from_micros(figure.rests_from),
        figure.rests_on_first,
    )
