"""Which time a report is about: a month, a half-year as SCIS asks for it, a year, or months of one's own."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from ingest.model.calendar import day_start
from kpi_engine.errors import ReportError

EXPECTED: Final = "expected a month (2026-10), a half-year (2026-H1), a year (2026) or months (2026-10..2027-04)"
_WRITTEN: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|(?P<month>0[1-9]|1[0-2])))?"
    r"(?:\.\.(?P<last_year>\d{4})-(?P<last_month>0[1-9]|1[0-2]))?"
)


@dataclass(frozen=True)
class ReportPeriod:
    """Whole civil months [first, after), both the first day of a month; ``text`` as somebody asked for it."""

    text: str
    first: date
    after: date

    @classmethod
    def parse(cls, text: str) -> "ReportPeriod":
        """Read a period; raises ReportError saying what was expected. Of two months, the last one is included."""
        found = _WRITTEN.fullmatch(text)
        if found is None or (found["last_year"] and not found["month"]):
            raise ReportError(f"{text!r}: {EXPECTED}")
        year, month = int(found["year"]), int(found["month"] or (7 if found["half"] == "2" else 1))
        months = 6 if found["half"] else 1 if found["month"] else 12
        first = date(year, month, 1) if 1900 <= year < 2200 else None
        if first and found["last_year"]:
            months = (int(found["last_year"]) - year) * 12 + int(found["last_month"]) - month + 1
        if first is None or not 1 <= months <= 600:
            raise ReportError(f"{text!r}: {EXPECTED}, within the years 1900 to 2199 and in order")
        return cls(text, first, _later(first, months))

    @property
    def is_year(self) -> bool:
        """Whether it is a civil year, which has figures of its own."""
        return self.first.month == 1 and self.after == _later(self.first, 12)

    def within(self, zone: str) -> tuple[int, int]:
        """Return its start and end on the clocks of a city, in microseconds."""
        return day_start(self.first, zone), day_start(self.after, zone)


def _later(month: date, months: int) -> date:
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)
