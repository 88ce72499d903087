"""Green Button (NAESB ESPI): the interval readings of a feed of usage points, each with both edges of its interval.

An Atom feed of UsagePoint, MeterReading, ReadingType and IntervalBlock entries, which name each other by their links
(read in descriptions of the format, its codes recalled). The columns are usage_point and meter_reading (the last parts
of their links), start and end in seconds since 1970, value with its power of ten applied, unit, direction (delivered by
the grid, received by it), accumulation (4 is an amount for the interval) and quality.

The file is read twice: what a reading is may stand behind it. Only the types of readings are kept meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from ingest.history.reader import FileReader, Row, UnreadableError
from ingest.payloads.xml_elements import Element, XmlRefusedError, elements

_CHUNK: Final = 1 << 16
_MOST_ENTRIES: Final = 100_000  # of usage points, meter readings and their types
_UNITS: Final = {"72": "Wh", "38": "W", "42": "m3", "119": "ft3", "169": "therm", "132": "Btu"}
_DIRECTIONS: Final = {"1": "delivered", "19": "received"}
_FURTHEST: Final = 30  # powers of ten


@dataclass
class _Entry:
    """What an entry has said so far: its links by rel, and the texts of its content by name."""

    links: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def linked(self, rel: str, part: str) -> str:
        """Return the first link of a kind that has ``part`` in it; empty where there is none."""
        return next((href for href in self.links.get(rel, ()) if part in href), "")


@dataclass
class _Feed:
    """Types of readings by their link, and the link of the type of each meter reading."""

    types: dict[str, dict[str, str]] = field(default_factory=dict)
    of_meter: dict[str, str] = field(default_factory=dict)


def rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield a row for each interval reading."""
    del columns
    try:
        feed = _described(path)
        yield from _readings(path, feed)
    except XmlRefusedError as error:
        raise UnreadableError(str(error)) from error


def _described(path: Path) -> _Feed:
    feed, entry, is_feed = _Feed(), _Entry(), False
    for one in _elements(path):
        is_feed |= one.name in {"IntervalBlock", "ReadingType"}
        _note(entry, one)
        if one.name == "ReadingType":
            feed.types[entry.linked("self", "ReadingType")] = entry.texts
        elif one.name == "MeterReading":
            feed.of_meter[entry.linked("self", "MeterReading")] = entry.linked("related", "ReadingType")
        elif one.name == "entry":
            entry = _Entry()
        if len(feed.types) + len(feed.of_meter) > _MOST_ENTRIES:
            raise UnreadableError(f"expected at most {_MOST_ENTRIES:,} meter readings and types in a file")
    if not is_feed:
        raise UnreadableError("expected a Green Button feed with ReadingType and IntervalBlock entries")
    return feed


def _readings(path: Path, feed: _Feed) -> Iterator[Row]:
    entry, number = _Entry(), 0
    for one in _elements(path):
        _note(entry, one)
        if one.name == "IntervalReading":
            number += 1
            yield _row(entry, feed, number)
            entry.texts = {}
        elif one.name == "entry":
            entry = _Entry()


def _row(entry: _Entry, feed: _Feed, number: int) -> Row:
    meter = entry.linked("up", "MeterReading").partition("/IntervalBlock")[0]
    only = next(iter(feed.types), "") if len(feed.types) == 1 else ""
    kind = feed.types.get(feed.of_meter.get(meter, only), {})
    texts = entry.texts
    try:
        start, length = int(texts["start"]), int(texts["duration"])
        power = int(kind.get("powerOfTenMultiplier", "0"))
        value = Decimal(texts["value"]).scaleb(power) if abs(power) <= _FURTHEST else Decimal("NaN")
    except (KeyError, ValueError, InvalidOperation) as error:
        wanted = "expected a timePeriod of start and duration in seconds, and a value"
        raise UnreadableError(f"row {number}: {wanted}; {error}") from error
    return {
        "usage_point": _last(meter.partition("/MeterReading")[0]),
        "meter_reading": _last(meter),
        "start": str(start),
        "end": str(start + length),
        "value": str(value),
        "unit": _UNITS.get(kind.get("uom", ""), kind.get("uom", "")),
        "direction": _DIRECTIONS.get(kind.get("flowDirection", ""), ""),
        "accumulation": kind.get("accumulationBehaviour", ""),
        "quality": texts.get("quality", texts.get("qualityOfReading", "")),
    }


def _note(entry: _Entry, one: Element) -> None:
    if one.name == "link":
        entry.links.setdefault(one.attributes.get("rel", ""), []).append(one.attributes.get("href", ""))
    elif not (one.name in {"start", "duration"} and "interval" in one.path):  # of the whole block
        entry.texts[one.name] = one.text


def _elements(path: Path) -> Iterator[Element]:
    with path.open("rb") as file:
        yield from elements(iter(lambda: file.read(_CHUNK), b""))


def _last(href: str) -> str:
    return href.rstrip("/").rpartition("/")[2]


READER: Final = FileReader(
    name="green_button",
    title="Green Button (ESPI) XML",
    endings=(".xml",),
    columns="usage_point, meter_reading, start, end, value, unit, direction, accumulation, quality",
    rows=rows,
)
