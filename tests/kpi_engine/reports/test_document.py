"""The PDF of a report: to be kept for long, the same bytes wherever it is made, and nothing in it taken for markup."""

import re
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from kpi_engine.reports import document, page
from kpi_engine.reports.frozen_savings import FrozenSavings
from tests.kpi_engine.reports.test_archive import frozen

MARKUP: Final = "#panic() *bold* $x$ [a] \\ `code` @label"
REPORT: Final[dict[str, Any]] = {
    "title": f"Sønderborg, 2026-10 {MARKUP}", "city": "harbour", "first": "2026-10-01", "last": "2026-10-31",
    "zone": "Europe/Copenhagen", "frozen_at": "2026-11-05T10:00:00Z", "known_at": "2026-11-05T10:00:00Z",
    "code_version": "0", "note": MARKUP,
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


def test_the_page_speaks_in_the_time_of_the_city_and_in_units_as_people_write_them() -> None:
    assert page.clock(REPORT["frozen_at"], REPORT["zone"]) == (
        "5 November 2026, 11:00:00 (Europe/Copenhagen, 2026-11-05T10:00:00Z)"
    )
    units = ("kWh/m2", "m3/MWh", "m3.degC", "K.d", "MWh", "W/(lx.m2)", "%", "1")
    assert [page.written_unit(one) for one in units] == [
        "kWh/m²", "m³/MWh", "m³·°C", "K·d", "MWh", "W/(lx·m²)", "%", "",
    ]  # fmt: skip


def test_a_month_is_a_table_of_the_city_and_one_of_each_site() -> None:
    figures = [HEAT, HEAT.model_copy(update={"site": "school <1>"})]
    written = page.render(REPORT | {"city_title": "Harbour"}, figures)
    assert re.findall("<h3>(.*?)</h3>", written) == ["Harbour", "school &lt;1&gt;"]
    assert written.count('<th class="what">indicator</th>') == 2
