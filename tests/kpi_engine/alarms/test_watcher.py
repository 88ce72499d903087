"""The watcher on a database: what it raises stays through restarts, is acknowledged once, and ends with its device."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
import pytest

from ingest.model.city.assets import City
from ingest.model.observation import ObservationBatch, RawMessage, Resolved
from ingest.model.time import HOUR, MINUTE, SECOND, from_micros, isoformat, to_micros
from kpi_engine.alarms import journal
from kpi_engine.alarms.handling import Handler
from kpi_engine.alarms.journal import AlarmFilter, AlarmRecord
from kpi_engine.alarms.watcher import Looked, Watcher
from kpi_engine.errors import AlarmError
from processors.storage.database import Connection, connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from tests import towns
from tests.kpi_engine.alarms.watched import at
from tests.towns import Declared, heat_meter

pytestmark = pytest.mark.integration

STUCK: Final = {"outdoor_temperature_stuck": {"threshold": 1}}


def city(*more: Declared) -> City:
    """Return a town with a meter, a weather station and further devices."""
    air = towns.device("air", "weather_station", "outdoor_temperature", every="PT10M", alarms=STUCK)
    return towns.city(heat_meter("return_temperature", every="PT10M"), air, *more, name="town")


START: Final = at("2026-11-10T00:00:00Z")


@dataclass
class Town:
    """A town in a database, and its watcher on a connection of its own."""

    connection: Connection
    watching: Connection
    city: City

    def __post_init__(self) -> None:
        self.watcher = Watcher(self.watching)
        self.declare(self.city)

    def declare(self, city: City) -> None:
        """Apply a city file."""
        self.catalogue = sync(self.connection, [city])
        self.connection.commit()
        self.sink = Sink(self.connection, self.catalogue, "mqtt")

    def says(self, device: str, quantity: str, value: float, time: int, received_at: int | None = None) -> None:
        """Store one reading."""
        series = self.catalogue.devices["town", device].series[quantity].series_id
        ints = [np.array([one], np.int64) for one in (series, time, received_at or time, 0)]
        batch = ObservationBatch(ints[0], ints[1], np.array([value]), ints[2], ints[3], ints[3])
        self.sink.write(Resolved(batch), [RawMessage("topic", b"{}", received_at or time)])

    def hours(self, begin: int, hours: float, **values: float) -> None:
        """Let devices say the same every ten minutes, and look after each."""
        names = {"meter": "return_temperature", "air": "outdoor_temperature"}
        for time in range(begin, begin + int(hours * HOUR), 10 * MINUTE):
            for device, value in values.items():
                self.says(device, names[device], value, time)
            self.watcher.step(time + SECOND)

    def restart(self) -> None:
        """Replace the watcher by one that remembers nothing."""
        self.watcher = Watcher(self.watching)

    def alarms(self, rule: str | None = None) -> list[AlarmRecord]:
        """Return the journal, the newest first."""
        found = journal.read(self.connection, AlarmFilter(rule=rule), 100)
        self.connection.commit()
        return found


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with connect(database_url, "test") as connection, connect(database_url, "test watcher") as watching:
        yield Town(connection, watching, city())


def told(alarms: list[AlarmRecord]) -> list[tuple[str, str, str | None]]:
    return [(one.device, _text(one.raised_at), _text(one.cleared_at) if one.cleared_at else None) for one in alarms]


def _text(time: datetime) -> str:
    return isoformat(to_micros(time))


def test_an_alarm_is_raised_kept_and_cleared_with_what_it_was_raised_for(town: Town) -> None:
    town.hours(START, 3, meter=62.0, air=1.0)
    (alarm,) = town.alarms("high_return_temperature")
    assert (alarm.city, alarm.site, alarm.device, alarm.severity) == ("town", "house", "meter", "warning")
    assert (alarm.value, alarm.threshold, alarm.unit) == (62.0, 60.0, "degC")
    assert alarm.detail == "the water returns at 62.0 degC; below 60 is expected"
    town.hours(START + 3 * HOUR, 3, meter=50.0, air=1.0)
    assert told(town.alarms("high_return_temperature")) == [("meter", "2026-11-10T02:00:00Z", "2026-11-10T05:00:00Z")]


def test_a_second_alarm_of_a_rule_waits_for_the_end_of_the_first(town: Town) -> None:
    town.hours(START, 8, meter=62.0)
    town.hours(START + 8 * HOUR, 4, meter=50.0)
    town.hours(START + 12 * HOUR, 4, meter=62.0)
    assert [one.cleared_at is None for one in town.alarms("high_return_temperature")] == [True, False]


def test_late_readings_neither_raise_nor_clear(town: Town) -> None:
    town.hours(START, 3, meter=62.0)
    for minute in range(5, 180, 10):
        town.says("meter", "return_temperature", 20.0, START + minute * MINUTE, START + 4 * HOUR)
    town.hours(START + 3 * HOUR, 2, meter=57.0)
    assert told(town.alarms("high_return_temperature")) == [("meter", "2026-11-10T02:00:00Z", None)]


def test_a_restart_loses_no_wait_of_hours(town: Town) -> None:
    town.hours(START, 1, meter=62.0, air=7.4)
    town.restart()
    town.hours(START + HOUR, 1.5, meter=62.0, air=7.4)
    raised = {one.rule: _text(one.raised_at) for one in town.alarms()}
    assert raised["outdoor_temperature_stuck"] == "2026-11-10T01:00:00Z"
    assert raised["high_return_temperature"] == "2026-11-10T02:00:00Z"
    town.restart()
    town.hours(START + 150 * MINUTE, 0.5, air=7.4)
    assert [one.cleared_at for one in town.alarms("outdoor_temperature_stuck")] == [None]
    town.hours(START + 3 * HOUR, 0.5, air=7.5)
    assert [one.cleared_at for one in town.alarms("outdoor_temperature_stuck")] == [from_micros(START + 3 * HOUR)]


def test_silence_is_told_after_ten_intervals_and_five_minutes(town: Town) -> None:
    town.hours(START, 1, meter=45.0, air=1.0)
    for now in range(START + HOUR, START + 4 * HOUR, 30 * SECOND):
        town.watcher.step(now)
    silent = {one.device: one.raised_at for one in town.alarms("silence")}
    assert silent == dict.fromkeys(("meter", "air"), from_micros(START + (50 + 100 + 5) * MINUTE + 30 * SECOND))


def test_a_device_that_leaves_the_city_file_ends_its_alarms(town: Town) -> None:
    town.hours(START, 3, meter=62.0, air=1.0)
    town.declare(town.city.model_copy(update={"devices": town.city.devices[1:]}))
    town.hours(START + 3 * HOUR, 0.5, air=2.0)
    (alarm,) = town.alarms("high_return_temperature")
    assert alarm.cleared_at is not None
    assert alarm.detail.endswith("; not watched any more")


def test_an_alarm_is_acknowledged_once_and_stays_open(town: Town) -> None:
    town.hours(START, 3, meter=62.0)
    (alarm,) = town.alarms("high_return_temperature")
    first, second = (from_micros(START + hours * HOUR) for hours in (4, 5))
    acknowledged = Handler(town.connection, "control-room", first).acknowledge([alarm.alarm_id])
    again = Handler(town.connection, "somebody-else", second).acknowledge([alarm.alarm_id])
    assert [*acknowledged, *again] == 2 * [replace(alarm, acknowledged_at=first, acknowledged_by="control-room")]
    with pytest.raises(AlarmError, match="there is no alarm 999"):
        Handler(town.connection, "control-room", first).acknowledge([alarm.alarm_id, 999])
    with pytest.raises(AlarmError, match="there is no alarm"):
        Handler(town.connection, "control-room", first, cities=["elsewhere"]).acknowledge([alarm.alarm_id])


def test_the_journal_is_asked_for_what_is_open_and_what_nobody_has_seen(town: Town) -> None:
    town.hours(START, 3, meter=62.0, air=7.4)
    (alarm,) = town.alarms("high_return_temperature")
    Handler(town.connection, "control-room", from_micros(START)).acknowledge([alarm.alarm_id])
    town.connection.commit()
    town.hours(START + 3 * HOUR, 0.5, air=7.5)

    def rules(wanted: AlarmFilter) -> set[str]:
        return {one.rule for one in journal.read(town.connection, wanted, 10)}

    assert rules(AlarmFilter()) == {"high_return_temperature", "outdoor_temperature_stuck"}
    assert rules(AlarmFilter(is_open=True)) == {"high_return_temperature"}
    assert rules(AlarmFilter(is_unacknowledged=True)) == {"outdoor_temperature_stuck"}
    assert rules(AlarmFilter(device="air")) == {"outdoor_temperature_stuck"}
    assert rules(AlarmFilter(cities=["elsewhere"])) == set()


def test_it_looks_every_half_minute_only(town: Town) -> None:
    assert town.watcher.step(START) == Looked(devices=2)
    assert town.watcher.step(START + 29 * SECOND) is None
    assert town.watcher.step(START + 30 * SECOND) == Looked(devices=2)


def test_while_nobody_would_be_heard_no_device_is_called_silent(town: Town) -> None:
    is_taking = True
    town.watcher = Watcher(town.watching, lambda: is_taking)
    town.hours(START, 1, meter=50.0, air=1.0)
    is_taking = False
    looks(town, START + HOUR, 6 * HOUR)
    assert town.alarms("silence") == []
    is_taking = True
    town.hours(START + 7 * HOUR, 1, air=1.0)
    assert town.alarms("silence") == []
    town.hours(START + 8 * HOUR, 2, air=1.5)
    assert [(one.device, one.cleared_at) for one in town.alarms("silence")] == [("meter", None)]


def test_an_interruption_does_not_end_a_silence_that_was_told(town: Town) -> None:
    is_taking = True
    town.watcher = Watcher(town.watching, lambda: is_taking)
    town.hours(START, 1, meter=50.0, air=1.0)
    town.hours(START + HOUR, 4, air=1.0)
    (told,) = town.alarms("silence")
    is_taking = False
    looks(town, START + 5 * HOUR, HOUR)
    is_taking = True
    town.hours(START + 6 * HOUR, 3, air=1.0)
    assert town.alarms("silence") == [told]
    town.hours(START + 9 * HOUR, 2, meter=50.0, air=1.0)
    assert town.alarms("silence")[0].cleared_at is not None


def test_a_city_that_falls_silent_as_a_whole_is_one_alarm(town: Town) -> None:
    meters = [heat_meter("return_temperature", name=f"meter-{number}", every="PT10M") for number in range(20)]
    town.declare(city(*meters))
    for time in range(START, START + HOUR, 10 * MINUTE):
        for number in range(20):
            town.says(f"meter-{number}", "return_temperature", 50.0, time)
        town.watcher.step(time + SECOND)
    looks(town, START + HOUR, 4 * HOUR)
    assert told_open(town) == {("silence", "meter"), ("silence", "air"), ("city_silence", "meter")}
    (alarm,) = town.alarms("city_silence")
    assert alarm.detail.startswith("22 devices of Town are silent")
    assert alarm.members == 22
    for time in range(START + 5 * HOUR, START + 9 * HOUR, 10 * MINUTE):
        for number in range(19):
            town.says(f"meter-{number}", "return_temperature", 50.0, time)
        town.watcher.step(time + SECOND)
    assert told_open(town) == {("silence", "meter"), ("silence", "air"), ("silence", "meter-19")}


def test_devices_behind_a_silent_gateway_are_members_of_one_alarm_until_they_are_heard_again(town: Town) -> None:
    through = {"binding": {"name": "radio"}}
    behind = [heat_meter("return_temperature", name=f"radio-{one}", every="PT10M", **through) for one in range(4)]
    beside = [heat_meter("return_temperature", name=f"wire-{one}", every="PT10M") for one in range(8)]
    binding = {"name": "radio", "topic": "radio/{device}", "decoder": "single_value", "gateway": "mast-1"}
    town.declare(towns.city(*behind, *beside, name="town", bindings=[binding]))

    def says(begin: int, hours: int, *devices: str) -> None:
        for time in range(begin, begin + hours * HOUR, 10 * MINUTE):
            for device in devices:
                town.says(device, "return_temperature", 50.0, time)
            town.watcher.step(time + SECOND)

    wired, radio = [f"wire-{one}" for one in range(8)], [f"radio-{one}" for one in range(4)]
    says(START, 1, *wired, *radio)
    says(START + HOUR, 3, *wired)
    (alarm,) = town.alarms()
    assert (alarm.rule, alarm.device, alarm.members) == ("gateway_silence", "radio-0", 4)
    assert alarm.detail.startswith("4 devices that speak through mast-1 are silent")
    assert [one.device for one in journal.members(town.connection, alarm.alarm_id, 3, after="radio-0")] == radio[1:]
    town.connection.commit()
    says(START + 4 * HOUR, 4, *wired, *radio[1:])
    assert told_open(town) == {("silence", "radio-0")}
    members = journal.members(town.connection, alarm.alarm_id, 10)
    assert [one.device for one in members] == radio
    assert all(one.left_at is not None for one in members)


def told_open(town: Town) -> set[tuple[str, str]]:
    return {(one.rule, one.device) for one in town.alarms() if one.cleared_at is None}


def looks(town: Town, begin: int, duration: int) -> None:
    for time in range(begin, begin + duration, 10 * MINUTE):
        town.watcher.step(time + SECOND)
