"""What is due, in which order and portions: after pauses, crashes and long steps everything is made up for."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ingest.model.time import HOUR, from_micros, isoformat, to_micros
from kpi_engine.engine import recompute_queue
from kpi_engine.figures import store
from tests.kpi_engine.conftest import at, fill

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration


def test_periods_while_the_engine_was_down_are_made_up_for(district: "District") -> None:
    fill(district)
    district.now = at("2026-04-13T10:20")
    district.restart()
    district.settle()

    days = store.values(
        district.connection,
        "heat_delivered",
        "town",
        "a",
        "day",
        from_micros(at("2026-04-08T00:00")),
        datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert [(f"{isoformat(to_micros(day.period_start))[:10]}", day.value) for day in days] == [
        ("2026-04-07", 48.0),
        ("2026-04-08", 48.0),
        ("2026-04-09", None),
        ("2026-04-10", None),
        ("2026-04-11", None),
        ("2026-04-12", None),
    ]


def test_rollups_older_than_the_first_mark_an_engine_sees_have_their_figures_too(district: "District") -> None:
    district.counts("meter-a", "heat_energy", "2026-03-01T00:00", "2026-04-09T00:00", 2.0)
    district.connection.execute("delete from rollup_mark")
    district.counts("meter-a", "heat_energy", "2026-04-09T00:00", "2026-04-10T00:00", 2.0)
    district.settle()

    march = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    assert march is not None
    assert march.value == 2.0 * 743


def test_a_district_that_only_ever_reported_live_gets_its_figures(district: "District") -> None:
    """Every mark speaks of the open hour, which is over only when nothing speaks of it any more."""
    for hour in range(20, 24):
        district.counts("meter-a", "heat_energy", f"2026-04-09T{hour}:00", f"2026-04-09T{hour}:59", 2.0)
        district.now = at(f"2026-04-09T{hour}:05")
        district.settle()
    district.now = at("2026-04-10T00:20")
    district.settle()

    day = district.value("heat_delivered", "a", "day", "2026-04-09T00:00")
    assert day is not None
    assert (day.value, day.coverage) == (None, 4 / 24)


def test_a_crash_before_the_commit_repeats_the_work_and_loses_nothing(
    district: "District", monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 3.0)
    with monkeypatch.context() as patched:
        patched.setattr("kpi_engine.engine.engine.write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            district.engine.step(district.now)

    district.restart()
    assert district.settle().changed == 27
    assert recompute_queue.backlog(district.connection).figures == 0


def test_the_newest_periods_come_first(district: "District") -> None:
    district.restart(figures_per_step=15)
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    district.engine.step(district.now)

    starts = {day for *_, day, _ in district.recomputed(district.now)}
    assert starts == {"2026-04-09", "2026-04-08"}


def test_the_same_data_in_portions_of_any_size_and_order_give_the_same_figures(district: "District") -> None:
    stretches = [("2026-03-20T00:00", "2026-04-10T00:00"), ("2026-03-01T00:00", "2026-03-20T00:00")]
    for number, (start, end) in enumerate(stretches):
        district.restart(figures_per_step=7 + number * 50)
        for device in ("meter-b", "meter-a"):
            district.counts(device, "heat_energy", start, end, 2.0)
            district.settle()

    found = district.value("heat_delivered", None, "month", "2026-03-01T00:00")
    assert found is not None
    assert (found.value, found.status) == (2 * 2.0 * 743, "final")


def _count(district: "District", start: str, end: str, per_hour: float) -> None:
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", start, end, per_hour)


def test_a_step_that_took_long_is_followed_by_shorter_ones_and_a_quick_one_by_longer_ones(
    district: "District",
) -> None:
    _count(district, "2025-01-01T00:00", "2026-04-10T00:00", 2.0)
    district.engine.pace(seconds=1_000.0, wanted=1.0)
    assert district.engine.step(district.now).recomputed == 50
    district.engine.pace(seconds=0.01, wanted=1.0)
    assert district.engine.step(district.now).recomputed == 100


def test_late_data_come_before_what_time_brings(district: "District") -> None:
    _count(district, "2026-01-01T00:00", "2026-04-10T00:00", 2.0)
    district.settle()
    district.now += 3 * HOUR
    _count(district, "2026-02-03T00:00", "2026-02-03T05:00", 7.0)
    district.engine.pace(seconds=1_000.0, wanted=1.0)
    district.engine.step(district.now)
    recomputed = district.recomputed(district.now)
    assert ("heat_delivered", None, "day", "2026-02-03", "late data") in recomputed
