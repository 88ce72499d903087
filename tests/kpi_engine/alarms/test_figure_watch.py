"""Alarms of limits and targets that city files declare, from figures that are kept, on a real database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from ingest.model.time import HOUR, MINUTE, to_micros
from kpi_engine.alarms import journal
from kpi_engine.alarms.figure_limits import TARGET_REMEDY
from kpi_engine.alarms.journal import AlarmFilter, AlarmRecord
from kpi_engine.alarms.watcher import Watcher
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from tests import towns
from tests.kpi_engine.targets.stored_figures import store_figures
from tests.towns import heat_meter

pytestmark = pytest.mark.integration

NOW: Final = to_micros(datetime(2026, 4, 10, tzinfo=UTC))
PLAN: Final = {"title": "Half by 2030", "source": "assumed", "baseline": {"year": 2024, "from": "figures"}}
HALF: Final = [{"year": 2030, "percent": 52.0}]  # 8 % a year
TARGET: Final = {"indicator": "heat_delivered", "better": "lower", **PLAN, "path": HALF, "severity": "major"}
LIMIT: Final = {"name": "much", "indicator": "heat_delivered", "title": "Much heat", "period": "month", "above": 20}
OF_SITE: Final = LIMIT | {"name": "little", "title": "Little heat", "above": None, "below": 5, "remedy": "The valve."}


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as connection:
        yield connection


def row(connection: Connection, **keys: Any) -> None:  # noqa: ANN401 - as ``city_document`` takes them
    """Register a row of two houses of which every meter is off, so that no silence is told."""
    off: dict[str, Any] = {"alarms": {"silence": {"enabled": False}}}
    houses = [heat_meter(name=f"meter-{site}", site=site, **off) for site in ("left", "right")]
    sync(connection, [towns.city(*houses, name="row", **keys)])
    connection.commit()


def knows(connection: Connection, subject: tuple[str, str | None], when: tuple[int, int | None], *value: float) -> None:
    store_figures(connection, "heat_delivered", subject, {when: (value[0], value[1], value[2])}, NOW)
    connection.commit()


def alarms(connection: Connection) -> list[AlarmRecord]:
    found = journal.read(connection, AlarmFilter(), 100)
    connection.commit()
    return found


def test_a_limit_raises_and_clears_an_alarm_of_the_first_device_of_its_city_or_site(connection: Connection) -> None:
    row(connection, figure_limits=[LIMIT], sites={"right": {"figure_limits": [OF_SITE]}})
    knows(connection, ("row", None), (2026, 2), 25.0, 21.0, 29.0)
    knows(connection, ("row", "right"), (2026, 2), 4.0, 3.0, 4.5)
    watcher = Watcher(connection)
    looked = watcher.step(NOW)
    assert looked is not None
    assert looked.raised == 2
    told = {
        one.rule: (one.device, one.title, one.remedy, one.severity, one.value, one.unit) for one in alarms(connection)
    }
    assert told == {
        "figure_limit.much": ("meter-left", "Much heat", None, "minor", 25.0, "kWh"),
        "figure_limit.little": ("meter-right", "Little heat", "The valve.", "minor", 4.0, "kWh"),
    }
    knows(connection, ("row", None), (2026, 3), 19.0, 18.0, 21.0)
    knows(connection, ("row", "right"), (2026, 3), 6.0, 5.5, 6.5)
    watcher.step(NOW + MINUTE)
    assert [one.cleared_at for one in alarms(connection)] == [None, None]  # looked at each five minutes
    watcher.step(NOW + HOUR)
    assert {one.rule: one.cleared_at is None for one in alarms(connection)} == {
        "figure_limit.much": True,  # it may still be above
        "figure_limit.little": False,
    }


def test_a_limit_that_leaves_the_city_file_ends_its_alarm_and_one_that_stays_does_not(connection: Connection) -> None:
    row(connection, figure_limits=[LIMIT, LIMIT | {"name": "more", "above": 22}])
    knows(connection, ("row", None), (2026, 2), 25.0, 24.0, 29.0)
    watcher = Watcher(connection)
    watcher.step(NOW)
    row(connection, figure_limits=[LIMIT])
    watcher.step(NOW + HOUR)
    ended = {one.rule: one.cleared_at is not None for one in alarms(connection)}
    assert ended == {"figure_limit.much": False, "figure_limit.more": True}


def test_a_target_raises_an_alarm_while_it_is_off_track_for_certain_where_it_says_how_severe_that_is(
    connection: Connection,
) -> None:
    silent = {key: value for key, value in TARGET.items() if key != "severity"}
    row(connection, targets=[TARGET], sites={"left": {"targets": [silent]}})
    for site in (None, "left"):
        knows(connection, ("row", site), (2024, None), 100.0, 100.0, 100.0)
        knows(connection, ("row", site), (2025, None), 97.0, 96.0, 98.0)
    Watcher(connection).step(NOW)
    (alarm,) = alarms(connection)
    assert (alarm.rule, alarm.severity, alarm.device) == ("target_missed.heat_delivered", "major", "meter-left")
    assert (alarm.title, alarm.remedy) == ("Target missed: Half by 2030", TARGET_REMEDY)
    assert (alarm.value, round(alarm.threshold, 6), alarm.unit) == (97.0, 92.0, "kWh")
    assert alarm.detail.startswith("heat_delivered is off track in 2025: ")
