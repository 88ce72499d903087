"""Writing figures: a new revision only where the figure or its inputs changed, and a record of every recomputation."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Period, floor, following
from ingest.model.time import SECOND, from_micros, to_micros
from kpi_engine.engine.causes import Cause, Why
from kpi_engine.engine.recompute_queue import key_columns
from kpi_engine.figures.code_version import CODE_VERSION
from kpi_engine.figures.figure import Figure, FigureKey
from kpi_engine.subjects.subject import Subject
from processors.steps.columns import ABSENT, Ints
from processors.storage.binary_copy import ColumnType, Layout
from processors.storage.database import Connection
from processors.storage.figures import batches, names, texts
from processors.storage.figures.names import Edition, FigureKind
from processors.storage.statements import statements

SQL: Final = statements(__name__)

NUMBERS: Final = ("value", "lower", "upper", "coverage", "estimated_share")
ROW: Final = Layout((
    ColumnType.SMALLINT, ColumnType.SMALLINT, ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.INTEGER,
    *[ColumnType.DOUBLE] * len(NUMBERS),
    ColumnType.CHAR, ColumnType.SHA256, ColumnType.TIMESTAMP, ColumnType.BOOLEAN, *[ColumnType.INTEGER] * 2,
    ColumnType.TIMESTAMP, ColumnType.INTEGER, ColumnType.SMALLINT, *[ColumnType.INTEGER] * 4, ColumnType.TIMESTAMP,
))  # fmt: skip
"""Of a figure, as the statement that copies it names its columns."""

RECORDS_IN_ROW: Final = 4_096  # as far apart as the numbers of rows in the log are


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
    kinds = names.kinds(connection, {_kind(figure.key) for figure in figures})
    told = [text for why in causes.values() for text in (why.cause.value, why.detail)]
    said = texts.store(
        connection, [*told, *(text for figure in changed for text in (figure.factors_document, figure.reason))]
    )
    numbered = _Numbers(kinds, said)
    revisions = {figure.key: known[figure.key].revision + 1 if figure.key in known else 1 for figure in changed}
    _write_revisions(connection, numbered, changed, causes, revisions, at)
    _log(connection, numbered, causes, revisions.keys(), at)
    return len(changed)


def differing(connection: Connection, figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures that differ from what is known."""
    known = _newest(connection, figures) if figures else {}
    return [figure for figure in figures if figure.key not in known or not known[figure.key].matches(figure)]


@dataclass(frozen=True)
class _Numbers:
    """What stands for words in the store."""

    kinds: Mapping[FigureKind, int]
    texts: Mapping[str | None, int | None]

    def kind(self, key: FigureKey) -> int:
        return self.kinds[_kind(key)]


def _write_revisions(  # noqa: PLR0913, PLR0917 - a row has all of these
    connection: Connection,
    numbered: _Numbers,
    changed: Sequence[Figure],
    causes: Mapping[FigureKey, Why],
    revisions: Mapping[FigureKey, int],
    at: datetime,
) -> None:
    """Write new revisions in columns; those of open periods apart from closed ones, as they do not stay as long."""
    if not changed:
        return
    figures = sorted(changed, key=lambda figure: figure.through < figure.end)
    editions = names.editions(connection, {_edition(figure) for figure in figures})
    batch, place = zip(*batches.store(connection, (figure.document for figure in figures)), strict=True)
    texts, why = numbered.texts, [causes[figure.key] for figure in figures]
    columns = (
        _whole(numbered.kind(figure.key) for figure in figures),
        _whole(figure.key.subject[0] for figure in figures),
        _whole(figure.key.subject[1] for figure in figures),
        _whole(figure.key.start for figure in figures),
        _whole((figure.end - figure.key.start) // SECOND for figure in figures),
        *(np.array([getattr(figure, name) for figure in figures], np.float64) for name in NUMBERS),
        _whole(ord(figure.status[0]) for figure in figures),
        np.frombuffer(bytes.fromhex("".join(figure.inputs_hash for figure in figures)), ColumnType.SHA256.value),
        _whole(figure.rests_from for figure in figures),
        _whole(figure.rests_on_first for figure in figures),
        _whole(editions[_edition(figure)] for figure in figures),
        _whole(revisions[figure.key] for figure in figures),
        np.full(len(figures), to_micros(at)),
        _whole(batch),
        _whole(place),
        _whole(texts[figure.factors_document] for figure in figures),
        _whole(texts[figure.reason] for figure in figures),
        _whole(texts[one.cause.value] for one in why),
        _whole(texts[one.detail] for one in why),
        _whole(figure.through if figure.through < figure.end else None for figure in figures),
    )
    with connection.cursor() as cursor, cursor.copy(SQL["figure_copy"]) as copy:
        copy.write(ROW.encode(columns))


def _whole(values: Iterable[int | None]) -> Ints:
    """Return whole numbers as a column."""
    return np.array([ABSENT if value is None else value for value in values], np.int64)


def _log(
    connection: Connection,
    numbers: _Numbers,
    causes: Mapping[FigureKey, Why],
    changed: Collection[FigureKey],
    at: datetime,
) -> None:
    """Record what was recomputed: one row for what is of one city, has one cause, and changed or did not."""
    spans: dict[tuple[int, bool, int | None], list[FigureKey]] = defaultdict(list)
    for key, why in causes.items():
        spans[key.subject[0], key in changed, numbers.texts[why.cause.value]].append(key)
    with connection.cursor() as cursor, cursor.copy(SQL["log_copy"]) as copy:
        for (city_id, is_changed, cause), keys in spans.items():
            for first in range(0, len(keys), RECORDS_IN_ROW):
                some = keys[first : first + RECORDS_IN_ROW]
                details = [numbers.texts[causes[key].detail] for key in some]
                of = ([numbers.kind(key) for key in some], [key.subject[1] for key in some])
                starts = [from_micros(key.start) for key in some]
                copy.write_row((at, cause, city_id, is_changed, *of, starts, details if any(details) else None))


def _kind(key: FigureKey) -> FigureKind:
    return FigureKind(key.kpi, key.period.value)


def _edition(figure: Figure) -> Edition:
    return Edition(figure.unit, figure.rule_version, CODE_VERSION)


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
