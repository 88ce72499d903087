"""Aggregates: civil buckets, every one of them, and no partial sum."""

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from ingest.model.time import HOUR, from_micros, to_micros
from tests.kpi_engine.api.conftest import aggregates

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("start", "hours"), [("2026-03-28T23:00:00Z", 23), ("2025-10-25T22:00:00Z", 25)], ids=["spring", "autumn"]
)
def test_the_hours_of_a_day_with_a_change_of_clocks_add_up(
    towns: "Towns", admin: "httpx.Client", start: str, hours: int
) -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    end = from_micros(to_micros(datetime.fromisoformat(start)) + hours * HOUR).isoformat()
    towns.count(series, start, hours)
    towns.settle()
    of_hours = aggregates(admin, series, "hour", start, end)
    [day] = aggregates(admin, series, "day", start, end)
    quarters = aggregates(admin, series, "15min", start, end)
    assert len(of_hours) == hours
    assert len(quarters) == 4 * hours
    assert sum(hour["sum"] for hour in of_hours) == pytest.approx(hours, rel=1e-12)
    assert sum(quarter["sum"] for quarter in quarters) == pytest.approx(hours, rel=1e-12)
    assert day["sum"] == pytest.approx(hours, rel=1e-12)
    assert day["coverage"] == 1.0


def test_a_shift_of_half_an_hour_makes_an_hour_of_half_an_hour(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("island", "meter", "heat_energy")
    towns.count(series, "2026-04-03T12:00:00Z", 72, step_minutes=30)
    towns.settle()
    start, end = "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"  # 5 April on the island: 24.5 hours
    [day] = aggregates(admin, series, "day", start, end)
    of_hours = aggregates(admin, series, "hour", start, end)
    assert day["sum"] == pytest.approx(24.5, rel=1e-12)
    assert len(of_hours) == 25
    assert sum(hour["sum"] for hour in of_hours) == pytest.approx(24.5, rel=1e-12)


def test_a_bucket_without_data_is_there_and_says_nothing(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-03-01T23:00:00Z", 24)
    towns.settle()
    before, there, _, after = aggregates(admin, series, "day", "2026-02-28T23:00:00Z", "2026-03-04T23:00:00Z")
    assert there["sum"] == pytest.approx(24.0)
    for empty in (before, after):
        assert (empty["sum"], empty["mean"], empty["minimum"], empty["coverage"]) == (None, None, None, 0.0)


def test_a_sum_is_never_partial(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-03-02T11:00:00Z", 12)  # from noon to midnight
    towns.settle()
    [day] = aggregates(admin, series, "day", "2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z")
    assert day["sum"] is None
    assert day["coverage"] == pytest.approx(0.5)
    assert not day["provisional"]


def test_a_day_has_the_same_bounds_as_its_figure(towns: "Towns", admin: "httpx.Client") -> None:
    """Before its first reading a register counted at most what that showed: nothing, here."""
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-03-02T11:00:00Z", 12)  # from noon to midnight
    towns.settle()
    whole = {"from": "2026-03-01T23:00:00Z", "to": "2026-03-02T23:00:00Z"}
    [day] = aggregates(admin, series, "day", whole["from"], whole["to"])
    asked = {"city": "harbour", "period": "day", **whole}
    [figure] = admin.get("/kpis/heat_delivered/values", params=asked).json()["items"]

    assert (day["lower"], day["upper"]) == (figure["lower"], figure["upper"]) == (12.0, 12.0)


def test_ten_silent_hours_are_told_of_the_day_and_the_tiers_add_up(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    midnight = to_micros(datetime.fromisoformat("2026-03-01T23:00:00Z"))
    heard = [hour for hour in range(25) if not 8 < hour < 18]
    towns.read(series, {from_micros(midnight + hour * HOUR).isoformat(): float(hour) for hour in heard})
    towns.settle()
    [day] = aggregates(admin, series, "day", "2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z")
    assert (day["sum"], day["coverage"], day["longest_gap_s"]) == (pytest.approx(24.0), 1.0, 36_000.0)
    assert (day["measured_share"], day["estimated_share"]) == (pytest.approx(14 / 24), pytest.approx(10 / 24))
    assert (day["interpolated_share"], day["unknown_share"], day["estimated_amount"]) == (0.0, 0.0, 0.0)
    assert (day["count"], day["count_coverage"]) == (15, day["count"] / day["expected_count"])
    hour = aggregates(admin, series, "hour", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z")[0]
    assert (hour["longest_gap_s"], hour["estimated_share"], hour["estimated_amount"]) == (3600.0, 1.0, 1.0)
    for interval in ("month", "year"):
        [wider] = aggregates(admin, series, interval, "2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z")
        shares = ("measured_share", "interpolated_share", "estimated_share", "unknown_share")
        assert sum(wider[share] for share in shares) == pytest.approx(1.0)
        assert wider["longest_gap_s"] > 20 * 86_400


def test_more_readings_than_declared_are_shown_and_not_clipped(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-03-01T23:00:00Z", 24, step_minutes=1)
    towns.settle()
    [day] = aggregates(admin, series, "day", "2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z")
    quarters = aggregates(admin, series, "15min", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z")
    assert day["count_coverage"] == pytest.approx(24 * 60 / day["expected_count"])
    assert day["count_coverage"] > 1
    assert [quarter["longest_gap_s"] for quarter in quarters] == [60.0] * 4


def test_the_open_bucket_says_that_it_is_provisional(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-04-09T22:00:00Z", 14)
    towns.settle()
    [today] = aggregates(admin, series, "day", "2026-04-09T22:00:00Z", "2026-04-10T12:00:00Z")
    assert today["provisional"]
    assert today["sum"] == pytest.approx(14.0)


def test_years_are_made_of_months(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.read(series, {"2024-12-31T23:00:00Z": 0.0, "2025-06-15T10:00:00Z": 400.0, "2025-12-31T23:00:00Z": 1000.0})
    towns.settle()
    [year] = aggregates(admin, series, "year", "2025-01-01T00:00:00Z", "2025-12-31T00:00:00Z")
    assert (year["start"], year["end"]) == ("2024-12-31T23:00:00Z", "2025-12-31T23:00:00Z")
    assert year["sum"] == pytest.approx(1000.0, rel=1e-12)


def test_a_gauge_has_a_time_weighted_mean(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "return_temperature")
    towns.read(series, {"2026-03-02T10:00:00Z": 40.0, "2026-03-02T10:45:00Z": 40.0, "2026-03-02T11:00:00Z": 60.0})
    towns.settle()
    [hour] = aggregates(admin, series, "hour", "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z")
    assert hour["mean"] == pytest.approx(42.5)
    assert (hour["minimum"], hour["maximum"], hour["sum"], hour["coverage"]) == (40.0, 40.0, None, 1.0)
    quarters = aggregates(admin, series, "15min", "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z")
    assert [quarter["mean"] for quarter in quarters] == pytest.approx([40.0, 40.0, 40.0, 50.0])


def test_a_range_of_centuries_is_cut_to_where_data_are_and_still_says_what_was_asked(
    towns: "Towns", admin: "httpx.Client"
) -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-02-28T23:00:00Z", 24)
    towns.settle()
    for interval, starts in (
        ("month", ["2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"]),
        ("year", ["2025-12-31T23:00:00Z"]),
    ):
        query = {"interval": interval, "from": "1900-01-01T00:00:00Z", "to": "2200-01-01T00:00:00Z"}
        answer = admin.get(f"/series/{series}/aggregates", params=query).json()
        assert (answer["start"], answer["end"]) == ("1900-01-01T00:00:00Z", "2200-01-01T00:00:00Z")
        assert [bucket["start"] for bucket in answer["items"]] == starts  # to this month: the silence is part of it


def test_a_year_is_answered_whole_though_nothing_is_known_of_it(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    months = aggregates(admin, series, "month", "2024-12-31T23:00:00Z", "2025-12-31T23:00:00Z")
    assert [month["coverage"] for month in months] == [0.0] * 12


def test_centuries_without_any_data_are_empty(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    assert aggregates(admin, series, "month", "1900-01-01T00:00:00Z", "2200-01-01T00:00:00Z") == []


def test_a_year_of_hours_is_one_answer(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    assert len(aggregates(admin, series, "hour", "2024-12-31T23:00:00Z", "2025-12-31T23:00:00Z")) == 8760
