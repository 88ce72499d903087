"""Residual series in the database: what they are made of, what is due of them, and their values.

Every function works in the caller's transaction. Times are microseconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

import numpy as np
from psycopg.types.json import Jsonb

from ingest.model.calendar import Period
from ingest.model.observation import IntColumn
from ingest.model.spans import Span, union
from ingest.model.time import from_micros
from kpi_engine.residuals.columns import Residuals
from kpi_engine.residuals.declared import TITLES, UNIT, Residual
from kpi_engine.windows.stored_amounts import StoredAmounts, by_series
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import Column, ColumnType, Layout
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_ID, _TIME, _NUMBER = ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.DOUBLE
_AMOUNTS: Final = (_ID, _TIME, _NUMBER, _NUMBER)
_STAGING: Final = Layout([_ID, _TIME, _TIME, _NUMBER, _NUMBER, _NUMBER])

Spans = Mapping[int, Sequence[Span]]
"""By series, spans [start, end) that neither overlap nor touch."""


def declare(connection: Connection, residuals: Sequence[Residual]) -> dict[int, Residual]:
    """Register ``residuals`` as all there are, and return them by id; of what changed, everything becomes due."""
    rows = connection.execute(SQL["residual_series"])
    known = {tuple(names): (series_id, definition) for series_id, *names, definition in rows}
    found: dict[int, Residual] = {}
    changed = []
    for one in residuals:
        series_id, definition = known.pop((one.city, one.device, one.quantity), (0, ""))
        if definition != one.definition:
            series_id = _upsert(connection, one)
            changed += [(series_id, member.series_id) for member in one.members]
        found[series_id] = one
    connection.execute(SQL["residual_series_end"], {"series": [series_id for series_id, _ in known.values()]})
    due = {"residuals": [residual for residual, _ in changed], "members": [member for _, member in changed]}
    connection.execute(SQL["residual_due_whole"], due)
    return found


def add_due(connection: Connection, spans: Iterable[tuple[int, int, int]]) -> None:
    """Make hours due, given as series, start and end."""
    every = sorted(set(spans))
    if every:
        series, starts, ends = (list(column) for column in zip(*every, strict=True))
        connection.execute(SQL["residual_due_add"], {"series": series, "starts": starts, "ends": ends})


def take_due(connection: Connection, through: int, limit: int) -> list[tuple[int, int, int]]:
    """Take the newest due hours that begin before ``through``, as series, start and end, the latest end first."""
    parameters = {"through": from_micros(through), "limit": limit}
    rows = connection.execute(SQL["residual_due_take"], parameters).fetchall()
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def read_amounts(
    connection: Connection, spans: Mapping[int, Sequence[Span]], period: Period
) -> dict[int, StoredAmounts]:
    """Return what is stored of each series in its spans."""
    parameters = _columns_of(spans) | {"period": period.value}
    columns = read_arrays(connection, SQL["residual_amounts"], parameters, _AMOUNTS)
    return {series: StoredAmounts(bucket, *values) for series, bucket, values in by_series(*columns)}


def write(connection: Connection, computed: Mapping[int, Sequence[Residuals]], spans: Spans, period: Period) -> int:
    """Make ``computed`` all that is stored of ``spans``; returns how many rows are new or differ."""
    connection.execute(SQL["residual_staging_table"])
    connection.execute("truncate residual_staging")
    pairs = [(series_id, part) for series_id, parts in computed.items() for part in parts]
    if pairs:
        with connection.cursor() as cursor, cursor.copy(SQL["residual_staging_copy"]) as copy:
            copy.write(_STAGING.encode(_rows(pairs)))
        connection.execute(SQL["residual_staging_reasons"], _reasons(pairs))
    connection.execute(SQL["residual_remove"], _columns_of(spans) | {"period": period.value})
    return connection.execute(SQL["residual_merge"], {"period": period.value}).rowcount


def _upsert(connection: Connection, one: Residual) -> int:
    parameters = {
        "city": one.city,
        "device": one.device,
        "quantity": one.quantity,
        "title": TITLES[one.quantity],
        "unit": UNIT,
        "definition": one.definition,
        "members": Jsonb([asdict(member) for member in one.members]),
    }
    row = connection.execute(SQL["residual_series_upsert"], parameters).fetchone()
    if row is None:
        raise LookupError(f"device {one.device} of {one.city} is in its city file and not in the registry")
    return int(row[0])


def _columns_of(spans: Spans) -> dict[str, object]:
    rows = [(series, *span) for series, every in spans.items() for span in union(every)]
    return {name: [row[index] for row in rows] for index, name in enumerate(("series", "starts", "ends"))}


def _rows(pairs: Sequence[tuple[int, Residuals]]) -> list[Column]:
    ids: IntColumn = np.repeat([one for one, _ in pairs], [len(part.bucket) for _, part in pairs]).astype(np.int64)
    names = ("bucket", "bucket_end", "value", "reference", "estimated")
    return [ids, *(np.concatenate([getattr(part, name) for _, part in pairs]) for name in names)]


def _reasons(pairs: Sequence[tuple[int, Residuals]]) -> dict[str, object]:
    rows = [(one, int(part.bucket[row]), why) for one, part in pairs for row, why in part.reasons.items()]
    return {name: [row[index] for row in rows] for index, name in enumerate(("series", "buckets", "reasons"))}
