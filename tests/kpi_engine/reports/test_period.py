"""Periods of reports, as people write them."""

from datetime import date

import pytest

from kpi_engine.errors import ReportError
from kpi_engine.reports.period import ReportPeriod


@pytest.mark.parametrize(
    ("text", "first", "after", "is_year"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1), True),
        ("2026-H1", date(2026, 1, 1), date(2026, 7, 1), False),
        ("2026-H2", date(2026, 7, 1), date(2027, 1, 1), False),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), False),
        ("2026-10..2027-04", date(2026, 10, 1), date(2027, 5, 1), False),
        ("2026-01..2026-12", date(2026, 1, 1), date(2027, 1, 1), True),
    ],
)
def test_a_period_is_whole_civil_months(text: str, first: date, after: date, is_year: bool) -> None:
    found = ReportPeriod.parse(text)
    assert (found.first, found.after, found.is_year) == (first, after, is_year)


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-H3", "2026..2027-01", "2026-05..2026-04", "0001-01", "2026-1", "last year"]
)
def test_anything_else_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ReportError, match=r"expected a month \(2026-10\), a half-year"):
        ReportPeriod.parse(text)
