"""A meter that runs backwards and was never declared to, in a database: told once, in words, until it is declared."""

from collections.abc import Iterator
from typing import Final

import pytest

from ingest.model.time import HOUR, MINUTE, SECOND, from_micros
from kpi_engine.alarms.watcher import Watcher
from processors.storage.database import connect
from tests import towns
from tests.kpi_engine.alarms.test_watcher import Town
from tests.kpi_engine.alarms.watched import at
from tests.towns import electricity_meter, sending

pytestmark = pytest.mark.integration

RULE: Final = "electricity_energy_runs_backwards"
LIMITS: Final = {RULE: {"clear_after": "PT1H"}}
CITY: Final = towns.city(electricity_meter(every="PT10M", alarms=LIMITS), name="town")
START: Final = at("2026-11-10T10:00:00Z")


class Meter(Town):
    """A town with one meter, whose register tests say."""

    def shows(self, *values: float, first: int = 0) -> None:
        """Let the register be read every ten minutes, and look after each."""
        for number, value in enumerate(values, first):
            time = START + number * 10 * MINUTE
            self.says("meter", "electricity_energy", value, time)
            self.watcher.step(time + SECOND)


@pytest.fixture
def meter(database_url: str) -> Iterator[Meter]:
    with connect(database_url, "test") as connection, connect(database_url, "test watcher") as watching:
        yield Meter(connection, watching, CITY)


def test_it_is_told_since_when_it_falls_how_often_and_what_to_declare(meter: Meter) -> None:
    meter.shows(500.0, 499.5, 499.0)
    assert meter.alarms(RULE) == []
    meter.shows(498.2, 497.0, first=3)
    (alarm,) = meter.alarms(RULE)
    assert (alarm.device, alarm.value, alarm.unit, alarm.cleared_at) == ("meter", 3.0, "falls", None)
    assert alarm.raised_at == from_micros(START + 30 * MINUTE)
    assert alarm.detail.startswith("electricity_energy has fallen 3 times in a row since 2026-11-10T10:10:00Z and did")
    assert "declare on_decrease: net in its register_contract" in alarm.detail
    assert "figures are not final" in alarm.detail


def test_a_restart_does_not_forget_what_it_has_counted(meter: Meter) -> None:
    meter.shows(500.0, 499.5, 499.0)
    meter.watcher.step(START + 26 * MINUTE)
    meter.watcher = Watcher(meter.watching)
    meter.shows(498.2, first=3)
    assert [one.value for one in meter.alarms(RULE)] == [3.0]


def test_declaring_it_ends_the_alarm(meter: Meter) -> None:
    meter.shows(500.0, 499.5, 499.0, 498.2)
    net = sending("electricity_energy", register_contract={"on_decrease": "net"})
    meter.declare(towns.city(electricity_meter(net, every="PT10M", alarms=LIMITS), name="town"))
    meter.shows(498.0, 497.0, 496.0, first=4)
    assert [one.cleared_at is None for one in meter.alarms(RULE)] == [False]


def test_it_ends_by_itself_when_the_register_has_only_risen_for_long_enough(meter: Meter) -> None:
    meter.shows(500.0, 499.5, 499.0, 498.2)
    meter.shows(*(498.2 + number for number in range(1, 8)), first=4)
    (alarm,) = meter.alarms(RULE)
    assert alarm.cleared_at == from_micros(START + 40 * MINUTE + HOUR)
