"""Windows in portions: as much as is computed at once, bounded by the readings and by the hours expected of them.

Either may fill the memory: readings where a series is read each second, hours where it is silent for years. An hour is
the same in whatever window it is computed, so a window may be cut at any of them.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from ingest.model.calendar import Period, covering
from ingest.model.time import HOUR
from processors.steps.columns import Ints
from processors.steps.hours import Windows

HOUR_IN_READINGS: Final = 10  # an hour is kept in as much memory as so many readings


def portions(windows: Windows, zone: str, readings_at_once: int) -> list[Windows]:
    """Return ``windows`` of whole hours, cut where one is too long, in portions that take a bounded memory."""
    windows = _cut(windows, zone, readings_at_once)
    number = np.cumsum(_readings(windows)) // readings_at_once
    return [windows.select(number == one) for one in np.unique(number)]


def _readings(windows: Windows) -> Ints:
    """Return how many readings each window is expected to hold, or takes as much memory as."""
    length = windows.end - windows.start
    readings: Ints = np.maximum(length // windows.lengths.usual, length // HOUR * HOUR_IN_READINGS)
    return readings


def _cut(windows: Windows, zone: str, readings_at_once: int) -> Windows:
    """Return windows of which none is expected to hold more than ``readings_at_once``, where its hours allow."""
    parts = -(-_readings(windows) // readings_at_once)
    if not (parts > 1).any():
        return windows
    parts = np.maximum(parts, 1)
    of = np.repeat(np.arange(len(windows)), parts)
    part = np.arange(len(of)) - np.repeat(np.cumsum(parts) - parts, parts)
    cut = windows.select(of)
    edges = covering(int(cut.start.min()), int(cut.end.max()), Period.HOUR, zone)
    start = cut.start + (cut.end - cut.start) // parts[of] * part
    start = edges[np.searchsorted(edges, start, side="right") - 1]
    end = np.where(part + 1 == parts[of], cut.end, np.append(start[1:], 0))
    return replace(cut, start=start, end=end).select(start < end)
