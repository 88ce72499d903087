"""A figure for tests of what goes out, without any database."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from kpi_engine.figures.store import StoredFigure

OCTOBER: Final = StoredFigure(
    value_id=17,
    kpi="heat_delivered",
    city="harbour",
    site=None,
    period="month",
    period_start=datetime(2026, 9, 30, 22, tzinfo=UTC),
    period_end=datetime(2026, 10, 31, 23, tzinfo=UTC),
    value=5347.5,
    lower=5300.25,
    upper=5400.0,
    unit="kWh",
    coverage=0.99,
    estimated_share=0.0,
    status="final",
    reason=None,
    through=datetime(2026, 10, 31, 23, tzinfo=UTC),
    factors=[],
    inputs_hash="ab12",
    rule_version="9.1",
    code_version="test",
    revision=3,
    computed_at=datetime(2026, 11, 2, 7, 30, 15, 123456, tzinfo=UTC),
    superseded_at=None,
    cause="late data",
    cause_detail=None,
    due=False,
)


def figure(**keys: Any) -> StoredFigure:  # noqa: ANN401 - as the figure has them
    """Return the heat of October, with these differences."""
    return replace(OCTOBER, **keys)
