"""How fast an undeclared register can count in a bucket: as fast as in its fastest hour of the weeks around."""

from types import SimpleNamespace
from typing import Any

import pytest

from ingest.model.time import DAY, HOUR
from kpi_engine.api import aggregates
from kpi_engine.api.aggregates import SURROUNDING, Interval
from processors.steps.columns import RollupColumns
from processors.steps.rollup import Rollup

TODAY = 20_000 * DAY


@pytest.mark.parametrize(
    ("days_away", "peak"), [(0, 9.0), (SURROUNDING, 9.0), (-SURROUNDING, 9.0), (SURROUNDING + 1, 1.0), (-15, 1.0)]
)
@pytest.mark.parametrize("interval", [Interval.QUARTER_HOUR, Interval.HOUR])
def test_a_busy_hour_bounds_the_buckets_of_the_weeks_around_it(interval: Interval, days_away: int, peak: float) -> None:
    busy = TODAY + days_away * DAY
    known = [Rollup(busy, busy + DAY, peak=9.0), *([Rollup(TODAY, TODAY + DAY, peak=1.0)] if days_away else [])]
    bucket = Rollup(TODAY + 10 * HOUR, TODAY + 11 * HOUR, total=0.5, measured=3600.0)
    series: Any = SimpleNamespace(kind="register", zone="UTC")
    stored: Any = SimpleNamespace(of=lambda *_: RollupColumns.of(known))
    found = aggregates._with_peaks(stored, series, interval, RollupColumns.of([bucket]))
    assert found.greatest.tolist() == [peak]
