"""The days of a baseline as the database knows them: energy with its bounds, and the temperature."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from math import inf
from typing import Final, NamedTuple

import numpy as np

from ingest.model.calendar import Instants, Period, day_of, day_start, edges
from ingest.model.catalogue import Series
from ingest.model.observation import IntColumn
from ingest.model.time import from_micros, to_micros
from kpi_engine.baselines.billing import month_label, month_numbers
from kpi_engine.baselines.days import EnergyDays, day_of_number, every_day, number_of
from kpi_engine.baselines.declared import DeclaredBaseline
from kpi_engine.baselines.temperatures import read_temperatures
from kpi_engine.evidence.amounts import amounts
from kpi_engine.families.sum_of_meters import sum_of_meters
from kpi_engine.figures import store
from kpi_engine.figures.status import publication
from kpi_engine.formulas.bucket_cover import Tile
from kpi_engine.indicator import Outcome
from kpi_engine.window import Amount, Meter
from kpi_engine.windows.meter_amounts import shown
from kpi_engine.windows.rollups import read_rollups
from processors.steps.bounds import Count
from processors.steps.rollup import Rollup
from processors.storage.database import Connection

NOT_OVER: Final = "the period was not over when its figure was computed"


class Measured(NamedTuple):
    """The days that were read, and how many of their figures are about to be computed again."""

    days: EnergyDays
    due: int


class _Energy(NamedTuple):
    """What is known of the energy of one day; ``value`` is None where ``reason`` says why."""

    value: float | None
    lower: float | None
    upper: float | None
    reason: str | None


def read_days(
    connection: Connection, declared: DeclaredBaseline, first: date, last: date, as_of: datetime | None = None
) -> Measured:
    """Return the days [first, last) of a baseline's energy and temperature.

    ``as_of``: with the figures of an indicator as they were known then; temperatures, and energy of a series, are those
    known now.
    """
    zone = declared.city.timezone
    bounds = edges(day_start(first, zone), day_start(last, zone), Period.DAY, zone)
    period = Period.MONTH if declared.method.of_bills else Period.DAY
    within = edges(day_start(first, zone), day_start(last, zone), period, zone)
    found, due = (
        (_of_series(connection, declared.energy, within, period, declared.method.least_share), 0)
        if declared.energy
        else _of_indicator(connection, declared, within, period, as_of)
    )
    day = every_day(first, last)
    if declared.method.of_bills:
        found = _each_day(found, day)
    series = declared.temperature
    temperature, coldest, warmest = read_temperatures(
        connection, series.series_id, series.zone, declared.method, bounds
    )
    energies = [found.get(number) or _Energy(None, None, None, None) for number in day.tolist()]
    days = EnergyDays(
        day,
        np.array([np.nan if one.value is None else one.value for one in energies]),
        np.array([-inf if one.lower is None else one.lower for one in energies]),
        np.array([inf if one.upper is None else one.upper for one in energies]),
        temperature,
        coldest,
        warmest,
        {number: one.reason for number, one in found.items() if one.value is None and one.reason},
    )
    return Measured(days.with_zero_missing() if declared.is_zero_missing else days, due)


def _of_indicator(
    connection: Connection, declared: DeclaredBaseline, bounds: Instants, period: Period, as_of: datetime | None
) -> tuple[dict[int, _Energy], int]:
    """Return the figures of the indicator by the first day of each, and how many of them are due."""
    kpi, zone = declared.declaration.energy.indicator, declared.city.timezone
    city, site, group = declared.subject
    span = from_micros(int(bounds[0])), from_micros(int(bounds[-1]))
    figures = store.values(connection, kpi or "", city, site, period.value, *span, as_of, group=group)
    least = declared.method.least_share
    found = {number_of(day_of(to_micros(figure.period_start), zone)): _of_figure(figure, least) for figure in figures}
    return found, sum(figure.due for figure in figures)


def _of_figure(figure: store.StoredFigure, least_share: float) -> _Energy:
    if figure.through < figure.period_end:
        return _Energy(None, None, None, NOT_OVER)
    if figure.value is None:
        return _Energy(None, None, None, f"its {figure.kpi} has no value: {figure.reason}")
    if figure.coverage < least_share:
        reason = f"its {figure.kpi} is measured to {figure.coverage:.0%} only; {least_share:.0%} are needed"
        return _Energy(None, None, None, reason)
    return _Energy(figure.value, figure.lower, figure.upper, None)


def _of_series(
    connection: Connection, every: Sequence[Series], bounds: Instants, period: Period, least_share: float
) -> dict[int, _Energy]:
    """Return what series counted together by first days, as an indicator of their meters would publish it."""
    tiles = [Tile(period, start, end) for start, end in pairwise(bounds.tolist())]
    rollups = read_rollups(connection, [(series.series_id, tile) for series in every for tile in tiles])
    found = {}
    for tile in tiles:
        counted = [
            amount
            for series in every
            for amount in amounts(
                [_meter(series, rollups.get((series.series_id, tile), Rollup(tile.bucket, tile.bucket_end)))],
                series.quantity,
                tile.bucket,
                tile.bucket_end,
            )
        ]
        found[number_of(day_of(tile.bucket, every[0].zone))] = _of_outcome(sum_of_meters(tuple(counted)), least_share)
    return found


def _each_day(months: dict[int, _Energy], day: IntColumn) -> dict[int, _Energy]:
    """Return for each day the mean of its month; none of a month that lies in the days in part only."""
    found, lengths = {}, dict(zip(*np.unique(month_numbers(day), return_counts=True), strict=True))
    for number, month in zip(day.tolist(), month_numbers(day).tolist(), strict=True):
        date = day_of_number(number)
        length, known = monthrange(date.year, date.month)[1], months.get(number_of(date.replace(day=1)))
        if lengths[month] < length:
            found[number] = _Energy(
                None, None, None, f"bills are told by civil months, and {month_label(month)} is cut"
            )
        elif known is not None:
            value, lower, upper = (one and one / length for one in (known.value, known.lower, known.upper))
            found[number] = _Energy(value, lower, upper, known.reason)
    return found


def _meter(series: Series, rollup: Rollup) -> Meter:
    count = Count.of(series.contracts, rollup.bucket, rollup.bucket_end)
    least = shown(rollup, series.kind, series.contracts, series.swaps)
    return Meter(series.device, {series.quantity: Amount(rollup, series.kind, count, shown=least)})


def _of_outcome(outcome: Outcome, least_share: float) -> _Energy:
    published = publication(outcome, is_open=False)
    if outcome.coverage < least_share:
        reason = f"it was measured to {outcome.coverage:.0%} only; {least_share:.0%} are needed"
        return _Energy(None, None, None, reason)
    return _Energy(published.value, outcome.lower, outcome.upper, published.reason)
