"""How often a device reports, and how long its intervals are: an elapsed time, or whole days or months of the calendar.

``PT15M`` and ``PT24H`` are elapsed times. ``P1D``, ``P1W``, ``P1M`` and ``P1Y`` are civil days and months of the city:
of 23 to 25 hours, of 28 to 31 days.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from pydantic import PlainSerializer, PlainValidator, TypeAdapter, ValidationError

from ingest.model.calendar import Instants, Period, shifted
from ingest.model.declarations.declaration import LONGEST_DURATION
from ingest.model.time import DAY, HOUR, MICROSECOND, MINUTE, SECOND

_DATE: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T.+)?")
_ELAPSED: Final = TypeAdapter(timedelta)
_YEAR: Final = 365 * DAY + DAY // 4
_MONTH: Final = 30 * DAY
_TOLERATED: Final = 60  # an hour's stamp may be off by a minute


@dataclass(frozen=True)
class ExpectedInterval:
    """One of three: whole civil ``months``, whole civil ``days``, or ``elapsed`` microseconds."""

    months: int = 0
    days: int = 0
    elapsed: int = 0

    @property
    def length(self) -> int:
        """How long it is, in microseconds; about as long, where the calendar decides (as PostgreSQL reckons)."""
        years, months = divmod(self.months, 12)
        return years * _YEAR + months * _MONTH + self.days * DAY + self.elapsed

    @property
    def duration(self) -> timedelta:
        """The same as a duration."""
        return self.length * MICROSECOND

    @property
    def longest(self) -> int:
        """A bound on how long it is in any year, and where neighbours of it meet, in microseconds."""
        return self.months * 32 * DAY + (self.days + (self.days > 0)) * DAY + self.elapsed

    @property
    def tolerance(self) -> int:
        """By how much the stamps of neighbouring intervals may differ where nothing is declared, in microseconds."""
        return self.length // _TOLERATED

    def begins(self, ends: Instants, zone: str) -> Instants:
        """Return when the intervals that end at ``ends`` begin."""
        return self._moved(ends, -1, zone)

    def ends(self, begins: Instants, zone: str) -> Instants:
        """Return when the intervals that begin at ``begins`` end."""
        return self._moved(begins, 1, zone)

    def _moved(self, instants: Instants, by: int, zone: str) -> Instants:
        if self.months:
            return shifted(instants, Period.MONTH, by * self.months, zone)
        if self.days:
            return shifted(instants, Period.DAY, by * self.days, zone)
        return instants + by * self.elapsed

    def __str__(self) -> str:
        """Return it in ISO 8601."""
        if self.months:
            years, months = divmod(self.months, 12)
            return f"P{years or ''}{'Y' if years else ''}{months or ''}{'M' if months else ''}"
        if self.days:
            return f"P{self.days}D"
        hours, rest = divmod(self.elapsed, HOUR)
        minutes, rest = divmod(rest, MINUTE)
        seconds = f"{rest // SECOND}.{rest % SECOND:06}".rstrip("0").rstrip(".")
        parts = ((hours, f"{hours}H"), (minutes, f"{minutes}M"), (rest, f"{seconds}S"))
        return "PT" + "".join(text for count, text in parts if count)


def _parsed(value: object) -> ExpectedInterval:
    if isinstance(value, ExpectedInterval):
        return value
    dated = _DATE.fullmatch(value) if isinstance(value, str) else None
    if dated and (found := _civil(dated)):
        return _not_too_long(found)
    try:
        elapsed = _ELAPSED.validate_python(value) if isinstance(value, str | timedelta) else timedelta(0)
    except ValidationError:
        elapsed = timedelta(0)
    if elapsed <= timedelta(0):
        raise ValueError("expected an ISO 8601 duration above zero, for example PT15M, P1D or P1M")
    return _not_too_long(ExpectedInterval(elapsed=elapsed // MICROSECOND))


def _not_too_long(interval: ExpectedInterval) -> ExpectedInterval:
    if interval.length > LONGEST_DURATION // MICROSECOND:
        raise ValueError("expected a duration of at most 100 years, P36500D")
    return interval


def _civil(dated: re.Match[str]) -> ExpectedInterval | None:
    """Return whole months or days; None for what is neither. Raises ValueError for months with a rest."""
    years, months, weeks, days = (int(found or 0) for found in dated.groups()[:4])
    in_months, in_days, has_time = 12 * years + months, 7 * weeks + days, dated[5] is not None
    if in_months and (in_days or has_time):
        raise ValueError(
            "expected whole months (P1M, P1Y), whole days (P1D, P1W) or a time (PT15M), and not months with a rest: "
            "declare the longest whole period of which each reading is the amount"
        )
    if has_time or not in_months + in_days:
        return None
    return ExpectedInterval(months=in_months, days=in_days)


Expected = Annotated[ExpectedInterval, PlainValidator(_parsed), PlainSerializer(str)]
