"""History, newest day first: which stretches of which device the broker already has, and which come next.

The last 30 days have a reading every 15 minutes, as devices report; before that one an hour is enough for registers
and keeps a year of hundreds of devices small. Times are microseconds; a stretch is half-open. The journal lives in a
JSON file with RFC 3339 times, so that a person can read what a restart will continue from.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import structlog

from ingest.model.time import DAY, HOUR, MINUTE, isoformat, to_micros
from simulators.noise import IntColumn

FINE: Final = 15 * MINUTE  # between two readings of the recent past
COARSE: Final = HOUR  # between two readings before that
RECENT: Final = 30 * DAY

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, order=True)
class Stretch:
    """The time from ``begin`` up to ``end``, of one device."""

    begin: int
    end: int

    def times(self, now: int) -> IntColumn:
        """Return the instants of readings within it: on quarter-hours where it is recent at ``now``, else on hours."""
        step = FINE if self.end > now - RECENT else COARSE
        first = -(-self.begin // step) * step
        return np.arange(first, self.end, step, dtype=np.int64)


def merged(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return the same time as ascending stretches that do not touch."""
    result: list[Stretch] = []
    for stretch in sorted(stretches):
        if result and stretch.begin <= result[-1].end:
            result[-1] = Stretch(result[-1].begin, max(result[-1].end, stretch.end))
        else:
            result.append(stretch)
    return result


def missing(wanted: Stretch, filled: Sequence[Stretch]) -> list[Stretch]:
    """Return what of ``wanted`` lies in none of ``filled`` (ascending and apart, as ``merged`` makes them)."""
    gaps, begin = [], wanted.begin
    for stretch in filled:
        if stretch.begin >= wanted.end:
            break
        if begin < stretch.begin:
            gaps.append(Stretch(begin, stretch.begin))
        begin = max(begin, stretch.end)
    return [*gaps, Stretch(begin, wanted.end)] if begin < wanted.end else gaps


class Journal:
    """What the broker has acknowledged, by device; kept under ``key`` in a file that others may share."""

    def __init__(self, path: Path, key: str) -> None:
        self._path, self._key = path, key
        self._document = _read(path)
        entries = self._document.get(key, {})
        self._filled = {device: [_stretch(each) for each in known] for device, known in entries.items()}

    def add(self, device: str, stretch: Stretch) -> None:
        """Note that the broker has ``stretch`` of ``device``."""
        self._filled[device] = merged([*self._filled.get(device, []), stretch])

    def filled(self, device: str) -> list[Stretch]:
        """Return what the broker has of ``device``, ascending."""
        return self._filled.get(device, [])

    def save(self) -> None:
        """Write the journal; a reader sees the old file or the new one, never a part."""
        self._document[self._key] = {
            device: [[isoformat(each.begin), isoformat(each.end)] for each in known]
            for device, known in sorted(self._filled.items())
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(self._document, indent=1), encoding="utf-8")
        fresh.replace(self._path)


def plan(journal: Journal, devices: Sequence[str], wanted: Stretch) -> Iterator[tuple[str, Stretch]]:
    """Yield what is missing of each device in ``wanted``: at most one UTC day at a time, the newest day first."""
    filled = {device: journal.filled(device) for device in devices}
    for begin in range((wanted.end - 1) // DAY * DAY, wanted.begin - DAY, -DAY):
        day = Stretch(max(begin, wanted.begin), min(begin + DAY, wanted.end))
        for device in devices:
            for gap in missing(day, filled[device]):
                yield device, gap


def messages(devices: int, wanted: Stretch) -> int:
    """Return how many messages fill ``wanted`` when nothing of it is there: one a device and UTC day."""
    return devices * max(0, -(-wanted.end // DAY) - wanted.begin // DAY) if wanted.begin < wanted.end else 0


def _read(path: Path) -> dict[str, dict[str, list[list[str]]]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        for entries in document.values():
            for known in entries.values():
                list(map(_stretch, known))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        _log.warning("journal_unreadable", file=str(path), error=str(error), consequence="history starts over")
        return {}
    return dict(document)


def _stretch(pair: Sequence[str]) -> Stretch:
    begin, end = (to_micros(datetime.fromisoformat(text)) for text in pair)
    return Stretch(begin, end)
