"""The times of a row, as its mapping says that they are written."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from typing import Final

from ingest.local_times import instants as meant_by
from ingest.model import revision
from ingest.model.mapped_columns import Epoch
from ingest.model.payload_mapping import PayloadTime
from ingest.model.time import to_micros
from ingest.payloads import instants
from ingest.payloads.document import named
from ingest.payloads.fields import finite

_EXPECTED: Final = {
    Epoch.SECONDS: "seconds since 1970",
    Epoch.MILLISECONDS: "milliseconds since 1970",
    Epoch.MICROSECONDS: "microseconds since 1970",
    Epoch.NANOSECONDS: "nanoseconds since 1970",
    None: "RFC 3339 with offset",
}


_DIGITS: Final = {
    "%Y": r"(?P<year>\d{4})",
    "%m": r"(?P<month>\d\d)",
    "%d": r"(?P<day>\d\d)",
    "%H": r"(?P<hour>\d\d)",
    "%M": r"(?P<minute>\d\d)",
    "%S": r"(?P<second>\d\d)",
}
_PART: Final = re.compile(r"%[YmdHMS]|[-./:,;T ]")


class _OtherThanOnceError(ValueError):
    """A time that clocks of a zone skip, or show twice."""


def clock_of(clock: PayloadTime) -> Callable[[object], tuple[int | None, int | None]]:
    """Return what reads a cell: as an instant, or as what a clock without a zone showed; the other is None.

    It raises ValueError for what is no time.
    """
    if clock.epoch:
        return partial(_counted, clock.epoch.micros)
    if clock.format is None:
        return _written
    return partial(_clocked, clock.format, clock.zone)


def issued(cell: object, clock: PayloadTime) -> float:
    """Return the revision that a cell says, as its time or as a plain number; raises ValueError for neither."""
    if not clock.epoch and not clock.format and (number := _number(cell)) is not None:
        return number
    time, _ = clock_of(clock)(cell)
    return revision.of_micros(time or 0)


def fault(cell: object, clock: PayloadTime, error: ValueError) -> str:
    """Say what is wrong with a time that cannot be read."""
    if isinstance(error, _OtherThanOnceError):
        return f"{clock.column} is {named(cell)}, {error}"
    expected = f"a time written as {clock.format}" if clock.format else _EXPECTED[clock.epoch]
    return f"{clock.column} is {named(cell)}; expected {expected}"


def _counted(unit: float, cell: object) -> tuple[int | None, int | None]:
    return instants.of_number(float(cell) if isinstance(cell, str) else cell, unit), None


def _written(cell: object) -> tuple[int | None, int | None]:
    return instants.of_text(cell), None


def _clocked(form: str, zone: str | None, cell: object) -> tuple[int | None, int | None]:
    shown = _shown(cell, form)
    if zone is None:
        return None, shown
    meant = meant_by(shown, zone)
    if len(meant) != 1:
        raise _OtherThanOnceError(f"a time that clocks in {zone} {'show twice' if meant else 'skip'}")
    return meant[0], None


def _shown(cell: object, form: str) -> int:
    """Return what a clock showed, in microseconds as if it were UTC, as files of history are read."""
    if not isinstance(cell, str):
        raise ValueError(cell)  # noqa: TRY004 - told as a time that is none
    pattern = _pattern(form)
    if pattern and (found := pattern.fullmatch(cell)):
        with suppress(ValueError):  # a second of 60, of which the patient way knows what it is
            return to_micros(datetime(**{part: int(number) for part, number in found.groupdict().items()}, tzinfo=UTC))
    import polars as pl  # noqa: PLC0415 - a quarter of a second of each start, and few times come here

    parsed = pl.Series([cell], dtype=pl.String).str.to_datetime(form, time_unit="us", strict=False)
    micros = parsed.dt.epoch("us").item()
    if micros is None:
        raise ValueError(cell)
    return instants.dated(int(micros))


@cache
def _pattern(form: str) -> re.Pattern[str] | None:
    """Return what times of plain formats look like, which most are: they need no engine of columns."""
    parts = _PART.findall(form)
    plain = "".join(parts) == form and len(set(parts) & _DIGITS.keys()) == sum(part in _DIGITS for part in parts)
    if not plain or not {"%d", "%m", "%Y"} <= set(parts):
        return None
    return re.compile("".join(_DIGITS.get(part, re.escape(part)) for part in parts), re.ASCII)


def _number(cell: object) -> float | None:
    """Return a plain number, in text too; None for anything else."""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return None
    with suppress(ValueError):
        return finite(float(cell) if isinstance(cell, str) else cell)
    return None
