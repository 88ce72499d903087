"""Alarms on balances: from residuals of hours that were known on time, by the share of what went in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from ingest.model.time import HOUR, MINUTE, from_micros
from kpi_engine.alarms import journal
from kpi_engine.alarms.journal import AlarmFilter
from kpi_engine.alarms.watcher import Watcher
from kpi_engine.engine.engine import Engine
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from tests import towns
from tests.kpi_engine.alarms.watched import at
from tests.towns import heat_meter

pytestmark = pytest.mark.integration

LIMITS: Final = {"threshold": 60, "clear_threshold": 50, "after": "PT3H", "clear_after": "PT1H"}
CITY: Final = towns.city(
    heat_meter(name="main", every="PT15M", alarms={"heat_submeters_missing": LIMITS}),
    heat_meter(name="flat", every="PT15M", submeter_of="main"),
    name="town",
    sites={"house": {"vertical": "buildings"}},
)
START: Final = at("2026-11-10T00:00:00Z")
EXCEEDED, MISSING = "heat_submeters_exceed_main", "heat_submeters_missing"


@dataclass
class Town:
    """A main meter whose residuals tests say, and its watcher."""

    connection: Connection
    watcher: Watcher

    def left_over(self, *shares: float | None, first: int = 0, late: int = 20 * MINUTE) -> None:
        """Let hours of 10 kWh leave a share of them over, or nothing known, and look ``late`` after the end of each."""
        for hour, share in enumerate(shares, first):
            start = START + hour * HOUR
            self.connection.execute(
                "insert into kpi_residual (period, series_id, bucket, bucket_end, value, reference, estimated, reason)"
                " select 'hour', series_id, %s, %s, %s, %s, 0, %s from kpi_residual_series",
                (
                    from_micros(start),
                    from_micros(start + HOUR),
                    None if share is None else 10.0 * share,
                    None if share is None else 10.0,
                    "silent" if share is None else None,
                ),
            )
            self.connection.commit()
            self.watcher.step(start + HOUR + late)

    def told(self) -> list[tuple[str, str, bool]]:
        """Return rule, device and whether it is open, of every alarm but those of silence."""
        alarms = journal.read(self.connection, AlarmFilter(), 100)
        self.connection.rollback()
        return [(one.rule, one.device, one.cleared_at is None) for one in alarms if one.rule != "silence"]


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """Return the town with its residual series, of which nothing is known yet."""
    with connect(database_url, "test") as connection, connect(database_url, "test watcher") as watching:
        sync(connection, [CITY])
        connection.commit()
        Engine(connection).step(START)
        yield Town(connection, Watcher(watching))


def test_submeters_that_count_more_than_their_main_meter_for_hours_raise_and_let_go(town: Town) -> None:
    town.left_over(0.1, *[-0.2] * 6)
    assert town.told() == []
    town.left_over(-0.2, first=7)
    assert town.told() == [(EXCEEDED, "main", True)]
    town.left_over(*[0.1] * 7, first=8)
    assert town.told() == [(EXCEEDED, "main", False)]


def test_a_submeter_that_stands_still_is_told_by_the_limit_of_the_city_file(town: Town) -> None:
    town.left_over(*[0.5] * 4)
    assert town.told() == []
    town.left_over(*[0.9] * 4, first=4)
    assert town.told() == [(MISSING, "main", True)]


def test_hours_that_are_known_late_raise_nothing(town: Town) -> None:
    town.left_over(*[-0.5] * 9, late=3 * HOUR)
    assert town.told() == []


def test_an_hour_in_between_that_is_not_known_is_waited_for(town: Town) -> None:
    town.left_over(*[-0.5] * 3, None, *[-0.5] * 3)
    assert town.told() == [(EXCEEDED, "main", True)]


def test_longer_than_that_a_stretch_begins_anew(town: Town) -> None:
    town.left_over(*[-0.5] * 4, None, None, *[-0.5] * 4)
    assert town.told() == []
