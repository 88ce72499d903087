"""Reading KPI values: what is known now, what was known then, and everything behind one figure.

Times are aware UTC datetimes; ranges are half-open and select periods by their start.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from kpi_engine import moments
from kpi_engine.export.period_labels import period_label
from kpi_engine.figures.figure_value import TracedValue
from processors.storage.figures import batches
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class _OfPeriod:
    """Of which indicator, subject and civil period; ``site`` is None for the city as a whole, and for a group."""

    value_id: int | None
    kpi: str
    city: str
    site: str | None
    period: str
    period_start: datetime
    period_end: datetime


@dataclass(frozen=True)
class KnownFigure(TracedValue, _OfPeriod):
    """One revision of one indicator for one subject and civil period.

    ``superseded_at`` is None for the current revision. ``cause`` says why it was computed (None: made before causes
    were kept); ``due`` that what it was computed from has changed, or may have, and it is not computed again yet. What
    is not kept but computed when it is asked for has no ``value_id``, ``revision`` and ``computed_at``. ``zone`` is the
    one that the city has now.
    """

    code_version: str
    revision: int | None
    computed_at: datetime | None
    superseded_at: datetime | None
    cause: str | None
    cause_detail: str | None
    due: bool
    group: str | None = None
    zone: str | None = None

    @property
    def label(self) -> str | None:
        """Its period on the calendar of the city; None where the zone was not asked for."""
        return None if self.zone is None else period_label(self.period_start, self.period, self.zone)


@dataclass(frozen=True)
class StoredFigure(KnownFigure):
    """A figure that is kept."""

    value_id: int
    revision: int
    computed_at: datetime


@dataclass(frozen=True)
class Lineage:
    """What stands behind one figure: its inputs, and every revision of it, oldest first.

    ``inputs`` are as stored, long columns as a digest, unless they were read again: then ``reproduces`` says whether
    they are the very ones the figure was computed from.
    """

    value: KnownFigure
    inputs: dict[str, Any]
    revisions: Sequence[KnownFigure]
    reproduces: bool | None = None


@dataclass(frozen=True)
class Recomputed:
    """Which recomputations: those of [start, end); what is None does not matter.

    ``cities`` None: every one. ``period_from`` and ``period_to`` bound the starts of the periods. ``before``: time and
    number of the last one on the page before.
    """

    start: datetime
    end: datetime | None = None
    cities: Sequence[str] | None = None
    site: str | None = None
    kpi: str | None = None
    period: str | None = None
    cause: str | None = None
    changed: bool | None = None
    period_from: datetime | None = None
    period_to: datetime | None = None
    before: tuple[datetime, int] | None = None
    group: str | None = None


@dataclass(frozen=True)
class StoredRecomputation:
    """One recomputed period: when, why, and whether the figure changed."""

    recomputation_id: int
    kpi: str
    city: str
    site: str | None
    period: str
    period_start: datetime
    cause: str
    cause_detail: str | None
    changed: bool
    computed_at: datetime
    group: str | None = None


def values(  # noqa: PLR0913, PLR0917 - a figure is found by all of these
    connection: Connection[Any],
    kpi: str,
    city: str,
    site: str | None,
    period: str,
    start: datetime,
    end: datetime,
    as_of: datetime | None = None,
    *,
    group: str | None = None,
) -> list[StoredFigure]:
    """Return the values of periods that start in [start, end), in order of time, as known at ``as_of`` (None: now).

    Of a city, or of a ``site`` or a ``group`` of it.
    """
    subject = {"city": city, "site": site, "group": group}
    asked = subject | {"kpi": kpi, "period": period, "start": start, "end": end, "as_of": as_of}
    return moments.read(connection, StoredFigure, SQL["values"], asked)


def values_of_sites(  # noqa: PLR0913, PLR0917 - figures are found by all of these
    connection: Connection[Any], kpi: str, city: str, period: str, start: datetime, as_of: datetime | None = None
) -> list[StoredFigure]:
    """Return the value of each site of a city for the period that starts at ``start``, in the order of their names."""
    asked = {"kpi": kpi, "city": city, "period": period, "start": start, "as_of": as_of}
    return moments.read(connection, StoredFigure, SQL["values_of_sites"], asked)


def lineage(connection: Connection[Any], value_id: int) -> Lineage | None:
    """Return what stands behind the value ``value_id``, or None where there is no such value."""
    revisions = revisions_of(connection, [value_id])
    value = next((revision for revision in revisions if revision.value_id == value_id), None)
    if value is None:
        return None
    return Lineage(value, _inputs(connection, value_id), revisions)


def revisions_of(connection: Connection[Any], value_ids: Sequence[int]) -> list[StoredFigure]:
    """Return every revision of the figures that values belong to, figure by figure, oldest first."""
    return moments.read(connection, StoredFigure, SQL["revisions"], {"value_ids": list(value_ids)})


def inputs_of(connection: Connection[Any], value_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the inputs of values as they were stored with them, by the numbers of the values."""
    found: dict[int, dict[str, Any]] = {}
    with connection.cursor(row_factory=tuple_row) as cursor:
        for batch, values, places in cursor.execute(SQL["inputs_of"], {"value_ids": list(value_ids)}):
            inputs = batches.unpacked(batch)
            found |= {value: json.loads(inputs[place]) for value, place in zip(values, places, strict=True)}
    return found


def recomputations(connection: Connection[Any], wanted: Recomputed, limit: int) -> list[StoredRecomputation]:
    """Return at most ``limit`` recomputed periods, newest first."""
    before_time, before_id = wanted.before or (None, None)
    asked = asdict(wanted) | {"limit": limit, "before_time": before_time, "before_id": before_id}
    with connection.cursor(row_factory=class_row(StoredRecomputation)) as cursor:
        return cursor.execute(SQL["recomputations"], asked).fetchall()


def _inputs(connection: Connection[Any], value_id: int) -> dict[str, Any]:
    """Return the inputs of a value as they were stored with it; none where it is gone meanwhile."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        if (found := cursor.execute(SQL["inputs"], {"value_id": value_id}).fetchone()) is None:
            return {}
        batch, place = found
        document = cursor.execute(SQL["inputs_document"], {"inputs": batches.unpacked(batch)[place]}).fetchone()
        return dict(document[0]) if document else {}
