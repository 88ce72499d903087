"""Residual series over HTTP: what a balance leaves over in civil buckets, and what it is made of.

Hours, days and months are read as they were computed; a year is the sum of its months.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import pairwise
from math import fsum
from typing import Any, Final

from pydantic import Field

from ingest.model.calendar import Period, edges
from ingest.model.spans import FOREVER
from ingest.model.time import HOUR, from_micros
from kpi_engine.api.access import Access
from kpi_engine.api.aggregates import Interval
from kpi_engine.api.errors import WithheldError, invalid
from kpi_engine.api.fetching import fetch
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.representation import Answer
from kpi_engine.api.series import SeriesFilters, SeriesOfDevice
from kpi_engine.privacy.viewing import NO_READINGS
from kpi_engine.residuals.declared import CARRIED
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

KIND: Final = "residual"


@dataclass(frozen=True)
class StoredResidual(SeriesOfDevice):
    """A registered residual series; ``members`` are those of ``residuals.declared``."""

    title: str
    members: list[dict[str, Any]]
    zone: str


class Source(Answer):
    """A series that a residual is computed from."""

    series_id: int
    device: str
    quantity: str
    role: str | None = Field(description="Its side: main, production, submeter, supplied, delivered; null: its own.")
    valid_from: datetime | None = Field(description="Since when it counts; null: since ever.")
    valid_to: datetime | None = Field(description="Until when it counts, excluded; null: for ever.")


class ResidualBucket(Answer):
    """What a balance leaves over in [start, end), in kWh."""

    start: datetime
    end: datetime
    sum: float | None = Field(
        description="What goes in less what comes out, or counted less carried; null unless every meter is known from "
        "edge to edge. That of a day is made of the sums of the day, never a mean."
    )
    reference: float | None = Field(description="What goes in, or is carried: what the sum is a part of.")
    share: float | None = Field(description="sum over reference; null where nothing goes in.")
    estimated_share: float | None = Field(description="Part of all amounts read whose place in time is estimated.")
    reason: str | None = Field(description="Why there is no sum.")
    provisional: bool = Field(description="The bucket is open, or readings that close it may still come.")


@dataclass(frozen=True)
class _Row:
    """One stored bucket."""

    start: int
    end: int
    value: float | None
    reference: float | None
    estimated: float
    reason: str | None


def find(connection: Connection, cities: list[str] | None, filters: SeriesFilters) -> list[StoredResidual]:
    """Return the residual series in scope (None: every city) that match every filter given."""
    return fetch(
        connection, StoredResidual, SQL["api_residual_series"], cities=cities, series_id=None, **asdict(filters)
    )


def look_up(access: Access, series_id: int) -> StoredResidual | None:
    """Return a residual series in the token's scope; None where the id is none of one.

    Raises WithheldError for one that is computed from meters of households, where the caller sees none of these.
    """
    scope = {"cities": access.cities(None), "series_id": series_id}
    found = fetch(access.connection, StoredResidual, SQL["api_residual_series"], **scope, **asdict(SeriesFilters()))
    if found and is_withheld(access, found[0]):
        raise WithheldError(f"{found[0].title} in {found[0].city}: {NO_READINGS}")
    return found[0] if found else None


def is_withheld(access: Access, one: StoredResidual) -> bool:
    """Whether a residual stands at, or is computed from, meters of households, which the caller does not see."""
    view = access.viewing.of(one.city)
    if view is None:
        return False
    read = {"city": one.city, "series": [member["series_id"] for member in one.members]}
    sites = {site for (site,) in access.connection.execute(SQL["api_residual_sites"], read)}
    return any(access.viewing.hides_site(one.city, site) for site in {one.site} | sites)


def sources(stored: StoredResidual) -> list[Source]:
    """Return what a residual series is computed from."""
    return [Source(**{**member, **_validity(member)}) for member in stored.members]


def buckets(
    connection: Connection, stored: StoredResidual, interval: Interval, asked: TimeRange, now: int
) -> list[ResidualBucket]:
    """Return the buckets that overlap the range, in order of time; raises InvalidRequestError for quarter hours."""
    if interval is Interval.QUARTER_HOUR:
        raise invalid("interval", f"expected hour, day, month or year: {stored.quantity} has no shorter buckets")
    bounds = edges(asked.start, asked.end, Period(interval), stored.zone).tolist()
    scope = {"series_id": stored.series_id, "start": from_micros(bounds[0]), "end": from_micros(bounds[-1])}
    period = Period.MONTH if interval is Interval.YEAR else interval
    known = fetch(connection, _Row, SQL["api_residuals"], period=period, **scope)
    if interval is Interval.YEAR:
        known = [_year(start, end, known, stored.zone) for start, end in pairwise(bounds)]
    by_start = {row.start: row for row in known}
    nothing = (_Row(start, end, None, None, 0.0, "nothing is known of any meter") for start, end in pairwise(bounds))
    return [_bucket(by_start.get(row.start, row), stored.quantity, now) for row in nothing]


def _year(start: int, end: int, months: Sequence[_Row], zone: str) -> _Row:
    parts = [month for month in months if start <= month.start < end]
    wanted = len(edges(start, end, Period.MONTH, zone)) - 1
    whole = [part for part in parts if part.value is not None and part.reference is not None]
    if len(whole) < wanted:
        reasons = [part.reason for part in parts if part.reason]
        return _Row(start, end, None, None, 0.0, (reasons or ["nothing is known of some months"])[0])
    value, reference = (fsum(getattr(part, name) for part in whole) for name in ("value", "reference"))
    return replace(whole[0], end=end, value=value, reference=reference, estimated=fsum(p.estimated for p in whole))


def _bucket(row: _Row, quantity: str, now: int) -> ResidualBucket:
    value, reference = row.value, row.reference
    return ResidualBucket(
        start=from_micros(row.start),
        end=from_micros(row.end),
        sum=value,
        reference=reference,
        share=value / reference if value is not None and reference is not None and reference > 0.0 else None,
        estimated_share=_estimated_share(row, quantity),
        reason=row.reason,
        provisional=row.end + HOUR > now,
    )


def _estimated_share(row: _Row, quantity: str) -> float | None:
    """Return the estimated part of everything read: of what goes in and comes out, or of the heat counted."""
    if row.value is None or row.reference is None:
        return None
    read = row.reference + row.value if quantity == CARRIED else 2.0 * row.reference - row.value
    return row.estimated / read if read > 0.0 else None


def _validity(member: dict[str, Any]) -> dict[str, datetime | None]:
    return {
        name: None if abs(member[name]) >= FOREVER else from_micros(member[name]) for name in ("valid_from", "valid_to")
    }
