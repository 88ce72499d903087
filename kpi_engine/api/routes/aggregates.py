"""Aggregates of a series."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ingest.model.time import DAY
from kpi_engine.api import json_rows, residuals, series
from kpi_engine.api.aggregates import Interval, buckets, check
from kpi_engine.api.bucket import Bucket
from kpi_engine.api.extent import cut
from kpi_engine.api.ranges import Asked
from kpi_engine.api.representation import Answer
from kpi_engine.api.residuals import ResidualBucket
from kpi_engine.api.routes.series import Allowed, SeriesId
from kpi_engine.api.series import StoredSeries
from kpi_engine.api.turns import EXPENSIVE

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
    start: datetime = Field(description="Start of the range that was asked for.")
    end: datetime = Field(description="End of the range that was asked for.")
    items: list[Bucket] | list[ResidualBucket]


@router.get(
    "/{series_id}/aggregates",
    dependencies=[EXPENSIVE],
    response_model=Aggregates,
    summary="Civil-time buckets of a series",
)
def list_aggregates(
    series_id: SeriesId,
    access: Allowed,
    asked: Asked,
    interval: Annotated[Interval, Query(description="Width of a bucket.")] = Interval.HOUR,
) -> Aggregates | Response:
    """List every bucket that overlaps [from, to), with or without data; of more than a year, those where data are.

    A range of more than 366 days begins with the first bucket that has data and ends with the last one or with now.

    Buckets follow the calendar of the city, so a day has 23, 24 or 25 hours. A sum is never partial. One answer has up
    to 40,000 buckets: a year of quarter hours.
    """
    residual = residuals.look_up(access, series_id)
    found = residual or series.one(access, series_id)
    within = asked.within(access.now, DEFAULT_LENGTH[interval], found.zone)
    check(interval, within)
    period = Interval.MONTH if interval is Interval.YEAR else interval
    known = cut(access.connection, series_id, period, within, access.now)
    answer = Aggregates(
        series=series_id,
        unit=found.unit,
        interval=interval,
        zone=found.zone,
        start=within.start_time,
        end=within.end_time,
        items=[],
    )
    if known and isinstance(found, StoredSeries):
        return json_rows.answer(answer, buckets(access.connection, found, interval, known, access.now))
    if known and residual:
        answer.items = residuals.buckets(access.connection, residual, interval, known, access.now)
    return answer
