"""Series and their observations."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field

from ingest.model.reading import QUALITIES
from ingest.model.time import DAY, HOUR, SECOND
from kpi_engine.api import json_rows, residuals, series
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import AskedPart, Cursor, Paging
from kpi_engine.api.errors import NotFoundError
from kpi_engine.api.observation_columns import observations
from kpi_engine.api.ranges import Asked
from kpi_engine.api.representation import Answer, Page
from kpi_engine.api.residuals import Source, StoredResidual
from kpi_engine.api.series import SeriesFilters
from kpi_engine.api.turns import EXPENSIVE

router = APIRouter(prefix="/series", tags=["series"])

Allowed = Annotated[Access, Depends(seeing(Resource.SERIES))]
SeriesId = Annotated[int, Path(ge=1, le=2**31 - 1, description="`series_id` of a series.")]


class Series(Answer):
    """One quantity of one device."""

    series_id: int
    city: str
    site: str
    vertical: str
    device: str
    quantity: str
    title: str
    unit: str = Field(description="Canonical unit of every value.")
    kind: str = Field(
        description="gauge, register (a cumulative counter), interval (an amount), state (one of `states`), session "
        "(no readings: made of charging sessions) or residual (no readings: what a balance of others leaves over)."
    )
    states: list[str] = Field(description="Names of its states, by their places; empty where values are numbers.")
    expected_interval_s: float
    max_gap_s: float = Field(description="The longest silence that still counts as measured, in seconds.")
    filling_s: float = Field(
        description="The longest silence that is interpolated, in seconds; none where not longer than max_gap_s."
    )
    derived_from: list[Source] = Field(default=[], description="The series that a residual is computed from.")


class Observation(Answer):
    """One reading."""

    time: datetime = Field(description="When it was true; of an amount for an interval, when that ended.")
    begin: datetime | None = Field(
        default=None, description="When its interval began, where its source gave that; otherwise null."
    )
    value: float = Field(description="In the series' unit; of a state, its place in `states` of the series.")
    state: str | None = Field(description="Of a state, its name; otherwise null.")
    quality: str = Field(description=QUALITIES)
    received_at: datetime = Field(description="When it arrived.")
    flags: list[str] = Field(
        description="What it was judged to be beside its neighbours: outlier, rate (a change too fast to be), stuck; "
        "of a register excursion: away from the line it counts along."
    )
    rejected: bool = Field(description="Whether aggregates and indicators leave it out.")


@router.get("", summary="Series")
def list_series(
    access: Allowed,
    filters: Annotated[SeriesFilters, Depends()],
    asked: AskedPart,
    city: str | None = None,
) -> Page[Series]:
    """List series that match every filter given; residuals of balances come last, with what they are made of."""
    found = series.find(access.connection, access.cities(city), filters)
    left_over = residuals.find(access.connection, access.cities(city), filters)
    seen, withheld = access.viewing.placed(found)
    of_others = [one for one in left_over if not residuals.is_withheld(access, one)]
    every = [*(_series(stored) for stored in seen), *map(_residual, of_others)]
    withheld += len(left_over) - len(of_others)
    paging = Paging(("series", city, *vars(filters).values()))
    return paging.page(every, lambda one: (int(one.kind == residuals.KIND), one.series_id), asked, withheld)


@router.get("/{series_id}", summary="One series")
def show_series(series_id: SeriesId, access: Allowed) -> Series:
    """Return one series."""
    residual = residuals.look_up(access, series_id)
    return _residual(residual) if residual else _series(series.one(access, series_id))


@router.get(
    "/{series_id}/observations",
    dependencies=[EXPENSIVE],
    response_model=Page[Observation],
    summary="Observations of a series",
)
def list_observations(
    series_id: SeriesId,
    access: Allowed,
    asked: Asked,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    cursor: Cursor = None,
) -> Response:
    """List readings in [from, to) in order of time; without `from`, of one day.

    A cursor names the last time seen, so readings that arrive meanwhile never shift or repeat a page. It belongs to its
    series, `from` and `to`; `limit` may change.
    """
    if residuals.look_up(access, series_id):
        raise NotFoundError(f"series {series_id} is computed from others and has no readings; ask for its aggregates")
    stored = series.one(access, series_id)
    within = asked.within(access.now, DAY, stored.zone)
    paging = Paging((series_id, *asked.ends))
    found = observations(access.connection, stored, within, paging.after(cursor), limit + 1)
    page = found.head(limit)
    following = paging.cursor(page["time"][-1]) if len(found) > limit else None
    return json_rows.answer(Page[Observation](items=[], next_cursor=following), page)


def _series(stored: series.StoredSeries) -> Series:
    return Series(
        **{name: getattr(stored, name) for name in ("series_id", "city", "site", "vertical", "device", "quantity")},
        title=stored.definition.title,
        unit=stored.unit,
        kind=stored.kind,
        states=list(stored.definition.states),
        expected_interval_s=stored.expected_interval / SECOND,
        max_gap_s=stored.max_gap / SECOND,
        filling_s=stored.filling / SECOND,
    )


def _residual(stored: StoredResidual) -> Series:
    return Series(
        **{name: getattr(stored, name) for name in ("series_id", "city", "site", "vertical", "device", "quantity")},
        title=stored.title,
        unit=stored.unit,
        kind=residuals.KIND,
        states=[],
        expected_interval_s=HOUR / SECOND,
        max_gap_s=HOUR / SECOND,
        filling_s=0.0,
        derived_from=residuals.sources(stored),
    )
