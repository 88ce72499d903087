"""The readings behind figures, computed to hours again: which stretches are kept otherwise than readings give them."""

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Final

import numpy as np

from ingest.model.calendar import Period, covering
from ingest.model.time import HOUR, from_micros, to_micros
from kpi_engine.verification.verdict import Alteration, AlteredReading
from processors.rollups.recount import AlteredBucket, Recount
from processors.steps.columns import Spans
from processors.storage.database import Connection

SERIES_AT_ONCE: Final = 200  # of one month: memory is bounded
READINGS_TOLD: Final = 3


def recounted(
    connection: Connection,
    recount: Recount,
    series: Sequence[int],
    span: tuple[int, int],
    advanced: Callable[[int, int], None],
) -> Iterator[list[Alteration]]:
    """Yield the altered stretches of series in a span (microseconds), month by month.

    ``advanced`` is told how many hours are done, and of how many of them nothing was computed: readings wait there.
    Each month of some series is computed in a transaction of its own, which is rolled back.
    """
    catalogue = recount.catalogue
    of_zone: dict[str, list[int]] = {}
    for one in series:
        of_zone.setdefault(catalogue.series[one].zone, []).append(one)
    for zone, ids in of_zone.items():
        months = covering(*span, Period.MONTH, zone)
        for month in range(len(months) - 1):
            start, end = max(span[0], int(months[month])), min(span[1], int(months[month + 1]))
            if start >= end:
                continue
            for first in range(0, len(ids), SERIES_AT_ONCE):
                some = np.array(ids[first : first + SERIES_AT_ONCE], np.int64)
                spans = Spans(some, np.full(len(some), start), np.full(len(some), end))
                with connection.transaction(force_rollback=True):
                    computed = recount.altered(spans)
                    found = list(_stretches(recount, computed.altered))
                hours = len(some) * (end - start) // HOUR
                advanced(hours, hours - computed.hours)
                yield found


def happening(recount: Recount, alterations: Sequence[Alteration]) -> None:
    """Compute altered stretches again in the caller's transaction, which then sees what their readings give."""
    ids = np.array([one.series_id for one in alterations], np.int64)
    edges = [[to_micros(one.start), to_micros(one.end)] for one in alterations]
    start, end = np.array(edges, np.int64).reshape(-1, 2).T
    recount.altered(Spans(ids, start, end))


def _stretches(recount: Recount, altered: Sequence[AlteredBucket]) -> Iterator[Alteration]:
    """Yield altered hours that meet as one, and longer buckets of which no hour is altered."""
    hours: dict[int, list[AlteredBucket]] = {}
    for one in sorted(set(altered), key=lambda bucket: (bucket.series_id, bucket.start)):
        if one.period is Period.HOUR:
            hours.setdefault(one.series_id, []).append(one)
    for own in hours.values():
        stretch: list[AlteredBucket] = []
        for one in own:
            if stretch and one.start > stretch[-1].end:
                yield _alteration(recount, stretch)
                stretch = []
            stretch.append(one)
        yield _alteration(recount, stretch)
    for one in altered:
        inside = hours.get(one.series_id, ())
        if one.period is not Period.HOUR and not any(one.start <= hour.start < one.end for hour in inside):
            yield _alteration(recount, [one])


def _alteration(recount: Recount, stretch: Sequence[AlteredBucket]) -> Alteration:
    first, last = stretch[0], stretch[-1]
    series = recount.catalogue.series[first.series_id]
    found = recount.readings(first.series_id, first.start, last.end, READINGS_TOLD)
    most = max(stretch, key=_moved)
    return Alteration(
        city=series.city,
        device=series.device,
        quantity=series.quantity,
        series_id=first.series_id,
        period=first.period.value,
        start=from_micros(first.start),
        end=from_micros(last.end),
        buckets=len(stretch),
        most_at=from_micros(most.start),
        kept=most.kept,
        given=most.given,
        readings=tuple(AlteredReading(from_micros(at), value) for at, value in found),
    )


def _moved(one: AlteredBucket) -> float:
    """Return by how much a bucket is kept otherwise; without bound where it is not kept, or not given."""
    return inf if one.kept is None or one.given is None else abs(one.given - one.kept)
