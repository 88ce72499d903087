"""The PDF of a report: to be kept for long, the same bytes wherever it is made, and nothing in it taken for markup."""

from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from kpi_engine.reports import document
from kpi_engine.reports.frozen_savings import FrozenSavings
from tests.kpi_engine.reports.test_archive import frozen

MARKUP: Final = "#panic() *bold* $x$ [a] \\ `code` @label"
REPORT: Final[dict[str, Any]] = {
    "title": f"Sønderborg, 2026-10 {MARKUP}", "city": "harbour", "first": "2026-10-01", "last": "2026-10-31",
    "zone": "Europe/Copenhagen", "frozen_at": "2026-11-05T10:00:00Z", "code_version": "0", "note": MARKUP,
    "author": MARKUP, "key": "abcd ef01",
}  # fmt: skip
FACTOR: Final = {"name": MARKUP, "version": "2026", "value": 0.1, "unit": "kg/kWh", "source": MARKUP, "page": "7"}
HEAT: Final = frozen("heat_delivered", factors=[FACTOR])
NOTHING: Final = frozen("pv_self_consumption", status="insufficient", value=None, reason=MARKUP)
SEPTEMBER: Final = HEAT.model_copy(update={"period_start": datetime(2026, 8, 31, 22, tzinfo=UTC)})
SAVINGS: Final = FrozenSavings(
    id="harbour.school.heat", option="C", boundary=MARKUP, carrier="heat", first=date(2026, 10, 1),
    last=date(2026, 11, 1), confidence=0.9, degree_days="eurostat", fit=None, days=None, is_open=False, adjustments=[],
    cost_rate=None, emissions_rate=None, said=None, disqualified=[MARKUP], notes=[MARKUP],
)  # fmt: skip


@pytest.mark.parametrize("figures", [[HEAT, NOTHING], [HEAT, SEPTEMBER], []], ids=["a month", "two months", "nothing"])
def test_a_report_is_set_as_pdf_a_with_the_same_bytes_each_time(figures: list[Any]) -> None:
    made = document.render(REPORT, figures, [SAVINGS])
    assert made.startswith(b"%PDF-")
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    assert document.render(REPORT, figures, [SAVINGS]) == made
