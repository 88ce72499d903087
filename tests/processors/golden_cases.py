"""Golden cases of series: a folder each, with a city, a history file and what its readings come to by hand.

``expected.yaml`` says ``counted`` (of registers and intervals: from, to, amount) or ``held`` (of gauges: from, to,
value there, value here), worked out from the documentation alone. ``civil_sums`` spreads that over civil buckets in
exact fractions, by walking through the quarter hours of the zone, and shares no code with what is tested. What
``expected.yaml`` says under ``buckets`` is what HTTP has to say of those, field by field. In the spans that are
``uncertain`` nobody knows what was counted: what is expected there lies within the bounds that HTTP gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

FOLDER: Final = Path(__file__).parent / "golden_registers"
QUARTER: Final = timedelta(minutes=15)
MARGIN: Final = timedelta(days=2)
PERIODS: Final = ("hour", "day", "month", "year")

Instants = tuple[datetime, ...]


@dataclass(frozen=True)
class Bucket:
    """What one civil bucket comes to: its amount, where all of it is known, and the mean over the seconds known."""

    start: datetime
    end: datetime
    amount: float | None
    mean: float | None


@dataclass(frozen=True)
class Case:
    """One golden case."""

    folder: Path
    city: dict[str, Any]
    expected: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of the case's city."""
        return str(self.city["name"])

    @property
    def zone(self) -> str:
        """The zone of the case's city."""
        return str(self.city["timezone"])

    @property
    def quantity(self) -> str:
        """The quantity that the case's one meter reports."""
        return str(self.city["devices"][0]["series"][0]["quantity"])

    @cached_property
    def clocks(self) -> dict[str, dict[str, str]]:
        """How the history file writes ``time`` and ``begin``, where ``mapping.yaml`` says that it is not RFC 3339."""
        path = self.folder / "mapping.yaml"
        return dict(yaml.safe_load(path.read_text("utf-8"))) if path.exists() else {}

    @property
    def columns(self) -> list[str]:
        """The columns of the case's history file."""
        return (self.folder / "input.csv").read_text("utf-8").split("\n", 1)[0].split(",")

    def is_uncertain(self, start: datetime, end: datetime) -> bool:
        """Whether readings are not believed, or nobody read the meter, in a part of [start, end)."""
        return any(a < end and b > start for a, b in self.expected.get("uncertain", ()))

    @property
    def is_gauge(self) -> bool:
        """Whether means are expected, and no amounts."""
        return "held" in self.expected

    @cached_property
    def stretches(self) -> list[tuple[datetime, datetime, Fraction, Fraction]]:
        """What is known: from, to, amount and mean."""
        counted = [(a, b, Fraction(str(n)), Fraction(0)) for a, b, n in self.expected.get("counted") or ()]
        held = [(a, b, Fraction(str(v)), Fraction(str(w))) for a, b, v, w in self.expected.get("held") or ()]
        return [(a.astimezone(UTC), b.astimezone(UTC), first, second) for a, b, first, second in counted + held]


def load() -> list[Case]:
    """Return every golden case."""
    read = [
        (folder, *(yaml.safe_load((folder / name).read_text("utf-8")) for name in ("city.yaml", "expected.yaml")))
        for folder in sorted(FOLDER.iterdir())
    ]
    return [Case(*found) for found in read]


def civil_sums(case: Case, period: str) -> Iterator[Bucket]:
    """Return the buckets that a case's stretches touch, and those within two days of them."""
    stretches = case.stretches
    if not stretches:
        return
    first, last = min(a for a, *_ in stretches) - MARGIN, max(b for _, b, *_ in stretches) + MARGIN
    for year in range(first.year, last.year + 1):
        for start, end in pairwise(edges(year, case.zone, period)):
            if end > first and start < last:
                yield _bucket(case, start, end)


def _bucket(case: Case, start: datetime, end: datetime) -> Bucket:
    pieces = [_piece(one, start, end, is_gauge=case.is_gauge) for one in case.stretches]
    known = sum((length for length, _ in pieces), Fraction(0))
    total = sum((amount for _, amount in pieces), Fraction(0))
    whole = known == _seconds(end - start)
    return Bucket(start, end, float(total) if whole else None, float(total / known) if known else None)


def _piece(
    stretch: tuple[datetime, datetime, Fraction, Fraction], start: datetime, end: datetime, *, is_gauge: bool
) -> tuple[Fraction, Fraction]:
    """Return how many seconds of a bucket a stretch fills, and the amount, or integral, it brings into it."""
    begin, stop, first, second = stretch
    low, high = max(begin, start), min(stop, end)
    if low >= high:
        return Fraction(0), Fraction(0)
    length, whole = _seconds(high - low), _seconds(stop - begin)
    if not is_gauge:
        return length, first * length / whole
    middle = (_seconds(low - begin) + _seconds(high - begin)) / 2
    return length, (first + (second - first) * middle / whole) * length


def _seconds(length: timedelta) -> Fraction:
    return Fraction(length // timedelta(microseconds=1), 1_000_000)


def edges(year: int, zone: str, period: str) -> Instants:
    """Return where the civil buckets of a year begin, and where the year ends: clocks change at quarter hours only."""
    return _edges(year, zone)[period]


@cache
def _edges(year: int, zone: str) -> dict[str, Instants]:
    """Return those of every period, from one walk."""
    time, city = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=1), ZoneInfo(zone)
    found: dict[str, list[datetime]] = {period: [] for period in PERIODS}
    last: dict[str, object] = {}
    while (local := time.astimezone(city)).year <= year:
        hour = local.timetuple()[:4], local.utcoffset()
        if local.year == year and hour != last.get("hour"):
            names = {"hour": hour, "day": local.date(), "month": local.month, "year": year}
            for period in PERIODS:
                if names[period] != last.get(period):
                    found[period].append(time)
            last = names
        time += QUARTER
    return {period: (*begun, time) for period, begun in found.items()}
