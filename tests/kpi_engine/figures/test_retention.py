"""Thinning: old revisions of open periods, one a day; what stays answers as before, and what went answers nothing."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from kpi_engine.figures import store
from kpi_engine.figures.retention import EVERY, KEEP, Thinned, Thinning, thin

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered",)


def at(text: str) -> int:
    return to_micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Copenhagen")))


@pytest.fixture
def lived(district: "District") -> "District":
    """Return a district whose engine computed at 10, 11, 12 and 23 o'clock of one day, and twice on the next one."""
    district.counts("meter-a", "heat_energy", "2026-04-01T00:00", "2026-04-11T00:00", 2.0)
    for instant in ("10T10:20", "10T11:20", "10T12:20", "10T23:20", "11T00:20", "11T01:20"):
        district.now = at(f"2026-04-{instant}")
        district.settle()
    return district


def thin_all(district: "District", now: int) -> Thinned:
    """Thin until nothing is due and return what went in all."""
    revisions = records = 0
    for _ in range(200):
        done = thin(district.connection, now)
        district.connection.commit()
        revisions, records = revisions + done.revisions, records + done.records
    return Thinned(revisions, records)


def month(district: "District", as_of: str | None = None) -> tuple[int, float | None] | None:
    known_at = None if as_of is None else at(as_of)
    found = district.value("heat_delivered", "a", "month", "2026-04-01T00:00", known_at)
    return (found.revision, found.value) if found else None


def revisions(district: "District", period: str, start: str) -> list[tuple[int | None, str]]:
    found = district.value("heat_delivered", "a", period, start)
    assert found is not None
    lineage = store.lineage(district.connection, found.value_id)
    assert lineage is not None
    return [(one.revision, one.status) for one in lineage.revisions]


def test_of_each_day_the_last_revision_of_an_open_period_stays(lived: "District") -> None:
    assert len(revisions(lived, "month", "2026-04-01T00:00")) == 6
    done = thin_all(lived, at("2026-04-12T00:00") + KEEP)

    assert done.revisions > 0
    assert [revision for revision, _ in revisions(lived, "month", "2026-04-01T00:00")] == [4, 6]


def test_as_of_answers_with_what_was_known_or_not_at_all(lived: "District") -> None:
    before = {hour: month(lived, f"2026-04-{hour}") for hour in ("10T10:30", "10T12:30", "10T23:30", "11T02:00")}
    thin_all(lived, at("2026-04-12T00:00") + KEEP)

    assert month(lived, "2026-04-10T10:30") is None
    assert month(lived, "2026-04-10T12:30") is None
    assert month(lived, "2026-04-10T23:30") == before["10T23:30"]
    assert month(lived, "2026-04-11T02:00") == before["11T02:00"]
    assert month(lived) == before["11T02:00"]


def test_what_is_younger_than_the_limit_stays(lived: "District") -> None:
    assert thin_all(lived, at("2026-04-10T10:20") + KEEP) == Thinned(0, 0)
    assert len(revisions(lived, "month", "2026-04-01T00:00")) == 6


def test_figures_of_closed_periods_stay_however_often_they_were_corrected(lived: "District") -> None:
    for number in range(3):
        lived.now += MINUTE
        lived.counts("meter-a", "heat_energy", "2026-04-05T05:00", "2026-04-05T06:00", 3.0 + number)
        lived.settle()
    thin_all(lived, lived.now + KEEP + DAY)

    assert revisions(lived, "day", "2026-04-05T00:00") == [(n, "final") for n in range(1, 5)]


def test_of_a_first_load_that_came_day_by_day_one_revision_stays(district: "District") -> None:
    for day in (20, 19, 18):
        district.counts("meter-a", "heat_energy", f"2026-03-{day}T00:00", f"2026-03-{day + 1}T00:00", 2.0)
        district.settle()
    assert [number for number, _ in revisions(district, "month", "2026-03-01T00:00")] == [1, 2, 3]
    before = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    thin_all(district, district.now + KEEP + DAY)

    assert [number for number, _ in revisions(district, "month", "2026-03-01T00:00")] == [3]
    assert district.value("heat_delivered", "a", "month", "2026-03-01T00:00") == before


def test_inputs_go_with_the_last_figure_that_rests_on_them(lived: "District") -> None:
    count = "select count(*) from figure_batch"
    unused = f"{count} b where not exists (select from figure f where f.batch_id = b.batch_id)"
    (before,) = lived.connection.execute(count).fetchone() or (0,)
    thin_all(lived, at("2026-04-12T00:00") + KEEP)
    (after,) = lived.connection.execute(count).fetchone() or (0,)

    assert 0 < after < before
    assert lived.connection.execute(unused).fetchone() == (0,)
    current = lived.connection.execute("select value_id from figure where superseded_at is null").fetchall()
    assert all((behind := store.lineage(lived.connection, one)) and behind.inputs for (one,) in current)


def test_a_figure_that_nothing_took_the_place_of_stays(lived: "District") -> None:
    """A period of a former timezone ends without a successor."""
    end = lived.now + HOUR
    lived.connection.execute("update figure set superseded_at = %s where superseded_at is null", (from_micros(end),))
    before = month(lived, "2026-04-11T02:00")
    thin_all(lived, end + KEEP + DAY)

    assert before is not None
    assert month(lived, "2026-04-11T02:00") == before


def test_records_of_an_hour_that_passed_go_and_those_of_late_data_stay(lived: "District") -> None:
    lived.now += MINUTE
    lived.counts("meter-a", "heat_energy", "2026-04-05T05:00", "2026-04-05T06:00", 3.0)
    lived.settle()
    done = thin_all(lived, lived.now + KEEP + DAY)

    causes = {cause for *_, cause in lived.recomputed(0)}
    assert done.records > 0
    assert causes == {"first data", "period closed", "late data"}


def test_it_comes_every_ten_minutes_and_makes_up_for_what_is_behind(lived: "District") -> None:
    thinning, now = Thinning(), at("2026-04-12T00:00") + KEEP
    lived.connection.commit()
    first = thinning.step(lived.connection, now)

    assert first != Thinned()
    assert thinning.step(lived.connection, now + EVERY - 1) == Thinned()
    for number in range(1, 10):
        thinning.step(lived.connection, now + number * EVERY)
    assert [revision for revision, _ in revisions(lived, "month", "2026-04-01T00:00")] == [4, 6]
