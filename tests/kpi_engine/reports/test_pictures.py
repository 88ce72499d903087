"""The pictures of the page for evaluators are what a report draws; with PHAROS_DRAW set they are drawn anew."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from kpi_engine.reports.chart import months_chart
from kpi_engine.reports.document import drawing
from kpi_engine.reports.path_chart import path_chart
from tests.kpi_engine.reports.test_archive import frozen
from tests.kpi_engine.reports.test_targets import DECLARED, figure, target

IMAGES: Final = Path(__file__).parents[3] / "docs" / "images"
ZONE: Final = ZoneInfo("Europe/Copenhagen")
SEASON: Final = {
    (2025, 10): (182.0, 181.0, 183.0), (2025, 11): (261.0, 260.0, 262.0), (2025, 12): (334.0, 333.0, 335.0),
    (2026, 1): (371.0, 370.0, 372.0), (2026, 2): (318.0, 291.0, 345.0), (2026, 3): (262.0, 261.0, 263.0),
    (2026, 4): (171.0, 170.0, 172.0),
}  # fmt: skip


def season() -> str:
    """Draw a heating season of which one month is provisional."""
    months = [
        frozen("heat_delivered").model_copy(
            update={
                "period_start": datetime(*month, 1, tzinfo=ZONE), "value": value, "lower": lower, "upper": upper,
                "unit": "MWh", "status": "provisional" if month == (2026, 2) else "final",
            }
        )
        for month, (value, lower, upper) in SEASON.items()
    ]  # fmt: skip
    return months_chart("Heat delivered", months)


def path() -> str:
    """Draw a target of which three years have ended."""
    declared = DECLARED | {"path": [{"year": 2028, "percent": 85}, {"year": 2030, "percent": 75}]}
    years = [figure(2025, 188.0, 2.0), figure(2026, 186.0, 4.0), figure(2027, 186.0, 2.0)]
    return path_chart(target(*years, declared=declared, today=date(2028, 1, 1)))


@pytest.mark.parametrize(("name", "drawn"), [("report-season.svg", season()), ("report-path.svg", path())])
def test_the_picture_of_the_page_is_what_a_report_draws(name: str, drawn: str) -> None:
    if os.environ.get("PHAROS_DRAW"):
        (IMAGES / name).write_bytes(drawing(drawn))
    assert (IMAGES / name).read_bytes() == drawing(drawn)
    assert len(drawing(drawn)) < 8_000
