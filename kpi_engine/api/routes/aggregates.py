"""Aggregates of a series."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field

from ingest.model.time import DAY
from kpi_engine.api import residuals, series
from kpi_engine.api.aggregates import Interval, buckets, check
from kpi_engine.api.bucket import Bucket
from kpi_engine.api.ranges import Asked
from kpi_engine.api.representation import Answer
from kpi_engine.api.residuals import ResidualBucket
from kpi_engine.api.routes.series import Allowed, SeriesId

router = APIRouter(prefix="/series", tags=["series"])

DEFAULT_LENGTH: Final = {
    Interval.QUARTER_HOUR: DAY,
    Interval.HOUR: 2 * DAY,
    Interval.DAY: 92 * DAY,
    Interval.MONTH: 730 * DAY,
    Interval.YEAR: 3650 * DAY,
}


class Aggregates(Answer):
    """A series in civil buckets."""

    series: int = Field(description="`series_id` of the series.")
    unit: str = Field(description="Unit of sums, means and extremes.")
    interval: Interval
    zone: str = Field(description="IANA zone whose calendar cuts the buckets.")
    items: list[Bucket] | list[ResidualBucket]


@router.get("/{series_id}/aggregates", summary="Civil-time buckets of a series")
def aggregates(
    series_id: SeriesId,
    access: Allowed,
    asked: Asked,
    interval: Annotated[Interval, Query(description="Width of a bucket.")] = Interval.HOUR,
) -> Aggregates:
    """List every bucket that overlaps [from, to), with or without data.

    Buckets follow the calendar of the city, so a day has 23, 24 or 25 hours. A sum is never partial.
    """
    within = asked.within(access.now, DEFAULT_LENGTH[interval])
    check(interval, within)
    items: list[Bucket] | list[ResidualBucket]
    if residual := residuals.look_up(access, series_id):
        unit, zone = residual.unit, residual.zone
        items = residuals.buckets(access.connection, residual, interval, within, access.now)
    else:
        stored = series.one(access, series_id)
        unit, zone = stored.unit, stored.zone
        items = buckets(access.connection, stored, interval, within, access.now)
    return Aggregates(series=series_id, unit=unit, interval=interval, zone=zone, items=items)
