"""The hours of series that are made of charging sessions: recomputed whole from the stored sessions.

What a session counts depends on the rated power of its site on the day it began, so both decide.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from ingest.model.calendar import Period, ceil, covering, floor
from ingest.model.catalogue import Catalogue, Series
from ingest.model.city.facts import value_at
from ingest.model.quantities.units import conversion
from ingest.model.session import Session, assessed, most_energy
from ingest.model.time import from_micros
from processors.steps.columns import ABSENT, RollupColumns, Spans
from processors.steps.session_hours import SeriesOfSessions, session_hours, watched_spans
from processors.storage.rollups.rollups import RollupStore
from processors.storage.sessions.stored import PointWindow

RatedPower = Callable[[int], float | None]  # of an instant


class SessionRollups:
    """Computes the hours of series that are made of sessions."""

    def __init__(self, store: RollupStore, catalogue: Catalogue) -> None:
        self._store = store
        self._devices = {(one.city, one.name): one for one in catalogue.devices.values()}
        self._catalogue = catalogue

    def hours(self, spans: Spans) -> Iterator[tuple[RollupColumns, Spans, str]]:
        """Yield by zone the hours that ``spans`` touch, and the spans of whole hours that they are complete for."""
        by_zone: dict[str, set[tuple[int, int, int]]] = {}
        since = self._store.kept_since()
        for series_id, start, end in zip(
            *(one.tolist() for one in (spans.series_id, spans.start, spans.end)), strict=True
        ):
            zone = self._catalogue.series[series_id].zone
            first, last = floor(start, Period.HOUR, zone), ceil(end + 1, Period.HOUR, zone)
            if since != ABSENT and self._plugged(series_id) is not None:  # earlier hours stay as they were computed
                first = max(first, ceil(since, Period.HOUR, zone))
            if first < last:
                by_zone.setdefault(zone, set()).add((series_id, first, last))
        for zone, found in by_zone.items():
            windows = Spans(*np.array(_merged(sorted(found)), np.int64).T)
            edges = covering(int(windows.start.min()), int(windows.end.max()), Period.HOUR, zone)
            yield session_hours(self._windows(windows), edges), windows, zone

    def _windows(self, spans: Spans) -> list[SeriesOfSessions]:
        series = [self._catalogue.series[one] for one in spans.series_id.tolist()]
        queries = [
            PointWindow(self._devices[one.city, one.device].device_id, start, end)
            for one, start, end in zip(series, spans.start.tolist(), spans.end.tolist(), strict=True)
        ]
        begun, complete = self._store.sessions(queries), self._store.declared(queries)
        complete = self._observed(spans, complete)
        return [
            SeriesOfSessions(one.quantity, at.start, at.end, self._flagged(one, found), declared)
            for one, at, found, declared in zip(series, queries, begun, complete, strict=True)
        ]

    def _plugged(self, series_id: int) -> Series | None:
        """Return the series that tells of vehicles where sessions are assembled from readings."""
        series = self._catalogue.series[series_id]
        device = self._devices[series.city, series.device]
        return device.series[device.plug.quantity] if device.plug else None

    def _observed(self, spans: Spans, declared: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
        """Return of which spans every session is here: of points that are read, those in which a plug was watched."""
        plugged = [(row, one) for row, key in enumerate(spans.series_id.tolist()) if (one := self._plugged(key))]
        if not plugged:
            return declared
        rows = np.array([row for row, _ in plugged], np.int64)
        of_plugs = Spans(np.array([one.series_id for _, one in plugged], np.int64), spans.start[rows], spans.end[rows])
        longest = np.array([one.max_gap for _, one in plugged], np.int64)
        watched = zip(rows.tolist(), watched_spans(self._store.readings(of_plugs), longest), strict=True)
        return [known for _, known in sorted({**dict(enumerate(declared)), **dict(watched)}.items())]

    def _flagged(self, series: Series, found: Sequence[Session]) -> list[Session]:
        rated = rated_power(self._catalogue, series.city, series.site)
        return [assessed(one, most_energy(one.begin, one.end, rated(one.begin))) for one in found]


def rated_power(catalogue: Catalogue, city: str, site: str) -> RatedPower:
    """Return what tells the rated power [kW] of a site's charging points at an instant, None where none is declared."""
    declared = catalogue.cities[city]
    facts = next(one.facts for one in declared.sites if one.name == site)
    zone = ZoneInfo(declared.timezone)

    def on_day(day: date) -> float | None:
        fact = value_at(facts, "rated_power", day)
        return None if fact is None else conversion(fact.unit, "kW")(fact.value)

    return lambda instant: on_day(from_micros(instant).astimezone(zone).date())


def _merged(spans: Sequence[tuple[int, int, int]]) -> list[list[int]]:
    """Merge sorted spans of one series that touch or overlap."""
    merged: list[list[int]] = []
    for series_id, start, end in spans:
        if merged and merged[-1][0] == series_id and start <= merged[-1][2]:
            merged[-1][2] = max(merged[-1][2], end)
        else:
            merged.append([series_id, start, end])
    return merged
