"""Interval readings: each is the amount of an interval that ends at its time, spread evenly over it.

An interval of which the source gave both edges lies between them. Any other is as long as its series declares, and an
end no further than the tolerance of the series from the grid that intervals are meant for (quarters of an hour,
midnights, first days of months) lies on the grid, so that an hour's amount is the hour's.

Stamps are off by a moment: an interval that begins no further from the end of the one before than the tolerance begins
there, whether the stamps leave a hole or overlap, and its amount is whole.

An amount that its source says was estimated is counted as such, and is no measurement.

No instant counts twice. Where an interval begins before the one before it ended, it counts from there on, and of its
amount the part that belongs to this time; that part is no measurement any more.
"""

from dataclasses import dataclass

import numpy as np

from processors.steps.columns import ABSENT, Ints, Readings
from processors.steps.interval_grid import on_grid
from processors.steps.interval_lengths import Lengths
from processors.steps.stretches import ESTIMATED, MEASURED, Stretches, pairs


def stretches(readings: Readings, lengths: Lengths) -> Stretches:
    """Return one stretch per reading, but for those that say again what the one before said; lengths by slot."""
    meant = _meant(readings, lengths.select(readings.slot))
    begin, left = meant.begin.copy(), pairs(readings)
    right = left + 1
    meets = np.abs(meant.stamped_begin[right] - readings.time[left]) <= meant.slack[right]
    begin[right] = np.where(meets, meant.end[left], np.maximum(begin[right], meant.end[left]))
    is_whole = begin <= meant.begin
    is_whole[right] |= meets
    left_over = meant.end - begin
    is_again = ~is_whole & (left_over <= meant.tolerance)
    share = np.where(is_whole, 1.0, np.where(is_again, 0.0, left_over / (meant.end - meant.begin)))
    unused, known = np.zeros(len(readings)), np.ones(len(readings), np.bool_)
    is_measured = is_whole | is_again
    if readings.estimated is not None:
        is_measured &= ~readings.estimated
    table = Stretches(
        slot=readings.slot,
        begin=begin,
        end=meant.end,
        amount=readings.value * share,
        value=unused,
        slope=unused,
        tier=np.where(is_measured, np.int8(MEASURED), np.int8(ESTIMATED)),
        begins_known=known,
        ends_known=known,
    )
    is_news = begin < meant.end
    return table if is_news.all() else table.select(is_news)


@dataclass(frozen=True)
class _Meant:
    """What intervals are meant for, a row each: ``begin`` and ``end``, on the grid where they are near it.

    ``tolerance``: by how much stamps may be off. ``slack``: by how much the stamped begin may differ from the end
    before: the tolerance, and what a civil day or month is longer or shorter than usual.
    """

    stamped_begin: Ints
    begin: Ints
    end: Ints
    tolerance: Ints
    slack: Ints


def _meant(readings: Readings, lengths: Lengths) -> _Meant:
    """Return what readings are meant for, each by the row of ``lengths``."""
    begin, stamped, end = (readings.time.copy() for _ in range(3))
    slack = lengths.tolerance.copy()
    for kind, rows in lengths.by_kind():
        length, zone = kind
        time, tolerance = readings.time[rows], lengths.tolerance[rows]
        end[rows] = on_grid(time, tolerance, kind)
        stamped[rows] = length.begins(time, zone)
        begin[rows] = on_grid(length.begins(end[rows], zone), tolerance, kind)
        if not length.elapsed:
            slack[rows] += np.abs(end[rows] - begin[rows] - length.length)
    tolerance = lengths.tolerance
    if readings.begin is not None:
        rows = np.flatnonzero(readings.begin != ABSENT)
        tolerance = tolerance.copy()
        tolerance[rows] = _tolerance_of_given(readings.time[rows] - readings.begin[rows], lengths.select(rows))
        stamped[rows] = begin[rows] = readings.begin[rows]
        end[rows], slack[rows] = readings.time[rows], tolerance[rows]
    return _Meant(stamped, begin, end, tolerance, slack)


def _tolerance_of_given(length: Ints, declared: Lengths) -> Ints:
    """Return by how much the stamps of intervals of a ``length`` may be off: of shorter ones than declared, by less."""
    share = np.minimum(1.0, length / declared.usual)
    return (declared.tolerance * share).astype(np.int64)
