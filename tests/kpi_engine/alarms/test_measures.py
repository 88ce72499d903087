"""What each measure of an alarm rule comes to on the newest readings, device by device, without a rule around it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from ingest.model import alarm
from ingest.model.freshness import GRACE
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import DAY, HOUR, MINUTE, to_micros
from kpi_engine.alarms.measures import LiveReadings, MeasureState, Snapshot, measured
from processors.steps.columns import ABSENT

NOON = to_micros(datetime(2026, 6, 21, 12, tzinfo=UTC))  # in Greenwich, the day of the highest sun
MIDNIGHT = to_micros(datetime(2026, 12, 22, 0, tzinfo=UTC))
GREENWICH = 51.48, 0.0


def read(value: float, time: int = NOON) -> LiveReadings:
    """Return the newest reading of the only device."""
    return LiveReadings(np.array([time]), np.array([value]))


def snapshot(*, last_seen: int = NOON, listening: int = NOON - DAY, live: Mapping[str, LiveReadings] = {}) -> Snapshot:
    """Return what is known of one device in Greenwich that reports every minute and is given up after a day."""
    latitude, longitude = GREENWICH
    return Snapshot(
        now=NOON,
        interval=np.array([MINUTE]),
        reach=np.array([DAY]),
        patience=np.array([10 * MINUTE]),
        last_seen=np.array([last_seen]),
        live=live,
        latitude=np.array([latitude]),
        longitude=np.array([longitude]),
        listening=np.array([listening]),
        clear_at=np.array([0.5]),
        widespread={alarm.SharedBy.CITY: np.array([4]), alarm.SharedBy.SITE: np.array([3])},
    )


def level(measure: alarm.Measure, known: Snapshot) -> float | None:
    """Return the level of the only device; None where the measure says nothing."""
    evidence, _ = measured(measure, known, MeasureState.none(1))
    return None if evidence.time[0] == ABSENT else float(evidence.level[0])


def levels(measure: alarm.Measure, sequence: Sequence[Snapshot]) -> list[float | None]:
    """Return the level at each of several looks, of which each remembers the one before."""
    memory, found = MeasureState.none(1), list[float | None]()
    for known in sequence:
        evidence, memory = measured(measure, known, memory)
        found.append(None if evidence.time[0] == ABSENT else float(evidence.level[0]))
    return found


def readings_of(quantity: str, *values: float, every: int = MINUTE) -> list[Snapshot]:
    """Return a look at each of several readings of one quantity, one after the other."""
    return [snapshot(live={quantity: read(value, NOON + at * every)}) for at, value in enumerate(values)]


def test_silence_counts_the_intervals_missed_beyond_the_allowance() -> None:
    assert level(alarm.Silence(), snapshot(last_seen=NOON - 5 * MINUTE - GRACE)) == 5.0
    assert level(alarm.Silence(), snapshot(last_seen=NOON - GRACE)) == 0.0


def test_silence_counts_from_when_somebody_listened_and_says_nothing_while_that_was_too_short() -> None:
    long_silent = snapshot(last_seen=NOON - 10 * HOUR, listening=NOON - 3 * MINUTE - GRACE)
    assert level(alarm.Silence(), long_silent) == 3.0
    assert level(alarm.Silence(), replace(long_silent, listening=np.array([NOON]))) is None


def test_a_device_that_was_never_heard_has_been_silent_for_as_long_as_it_is_remembered() -> None:
    never = snapshot(last_seen=ABSENT, listening=NOON - 2 * DAY)
    assert level(alarm.Silence(), never) == (DAY - GRACE) / MINUTE


def test_what_is_widespread_was_counted_by_whoever_looks_at_the_city() -> None:
    assert level(alarm.Widespread(), snapshot()) == 4.0
    assert level(alarm.Widespread(alarm.SharedBy.SITE), snapshot()) == 3.0


def test_a_reading_and_a_balance_are_taken_as_they_are() -> None:
    assert level(alarm.Reading("flow"), snapshot(live={"flow": read(1.5)})) == 1.5
    known = snapshot(live={"heat_meter_balance": read(12.0)})
    assert level(alarm.Imbalance("heat_meter_balance", ("heat_energy",)), known) == 12.0


def test_a_state_counts_by_its_name() -> None:
    fault = alarm.InState("connector_status", ("Faulted",))
    names = QUANTITIES["connector_status"].states
    assert level(fault, snapshot(live={"connector_status": read(float(names.index("Faulted")))})) == 1.0
    assert level(fault, snapshot(live={"connector_status": read(float(names.index("Available")))})) == 0.0


def test_a_temperature_drop_counts_only_while_water_flows_and_is_as_old_as_its_oldest_part() -> None:
    drop = alarm.TemperatureDrop(flow=0.1)
    water = {"supply_temperature": read(70.0), "return_temperature": read(40.0, NOON - MINUTE)}
    evidence, _ = measured(drop, snapshot(live={**water, "flow": read(0.1)}), MeasureState.none(1))
    assert (evidence.time[0], evidence.level[0]) == (NOON - MINUTE, 30.0)
    assert level(drop, snapshot(live={**water, "flow": read(0.05)})) is None


def test_a_lamp_counts_only_while_the_sun_is_where_the_rule_says() -> None:
    by_day, at_night = alarm.Light(sun_above=6.0), alarm.Light(sun_below=-6.0)
    assert level(by_day, snapshot(live={"dimming_level": read(80.0), "electricity_power": read(0.05)})) == 80.0
    assert level(at_night, snapshot(live={"dimming_level": read(80.0), "electricity_power": read(0.05)})) is None
    night = snapshot(live={"dimming_level": read(80.0, MIDNIGHT), "electricity_power": read(0.05, MIDNIGHT)})
    assert level(at_night, night) == 80.0


def test_a_lamp_that_takes_no_more_than_its_controller_gives_no_light_whatever_it_says() -> None:
    by_day, no_power = alarm.Light(sun_above=6.0), LiveReadings(np.array([ABSENT]), np.array([np.nan]))
    assert level(by_day, snapshot(live={"dimming_level": read(80.0), "electricity_power": read(0.001)})) == 0.0
    assert level(by_day, snapshot(live={"dimming_level": read(80.0), "electricity_power": no_power})) == 80.0


def test_what_does_not_move_counts_hours_from_its_first_reading_and_anew_after_a_change() -> None:
    looks = readings_of("heat_energy", 5.0, 5.0, 5.0, 6.0, 6.0, every=6 * MINUTE)
    assert levels(alarm.Unmoved("heat_energy"), looks) == [None, 0.1, 0.2, 0.0, 0.1]


def test_after_a_pause_longer_than_patience_nobody_knows_whether_it_moved() -> None:
    looks = readings_of("heat_energy", 5.0, 5.0, 5.0, every=30 * MINUTE)
    assert levels(alarm.Unmoved("heat_energy"), looks) == [None, None, None]


def test_a_reading_that_was_seen_before_says_nothing_new() -> None:
    looks = readings_of("heat_energy", 5.0, 5.0, every=6 * MINUTE)
    assert levels(alarm.Unmoved("heat_energy"), [*looks, looks[-1]]) == [None, 0.1, None]


def test_falls_count_until_a_rise_and_what_stands_still_changes_nothing() -> None:
    assert levels(alarm.Falling("heat_energy"), readings_of("heat_energy", 9.0, 8.0, 8.0, 7.5, 9.0, 8.9)) == [
        0,
        1,
        1,
        2,
        0,
        1,
    ]


def test_a_register_that_starts_anew_has_not_fallen() -> None:
    assert levels(alarm.Falling("heat_energy"), readings_of("heat_energy", 9.0, 0.1, 0.2)) == [0, 0, 0]


def test_a_vehicle_without_energy_counts_hours_from_the_last_free_moment() -> None:
    def look(at: int, plugged: float, energy: float) -> Snapshot:
        time = NOON + at * MINUTE
        return snapshot(live={"plugged_in": read(plugged, time), "electricity_energy": read(energy, time)})

    starved = [look(0, 0.0, 7.0), look(6, 1.0, 7.0), look(12, 1.0, 7.0)]
    assert levels(alarm.Undelivered(), starved) == [None, 0.1, 0.2]
    assert levels(alarm.Undelivered(), [*starved, look(18, 1.0, 7.5)])[-1] == 0.0


def test_a_vehicle_that_was_there_before_anybody_looked_is_not_judged() -> None:
    known = snapshot(live={"plugged_in": read(1.0), "electricity_energy": read(7.0)})
    assert levels(alarm.Undelivered(), [known, known]) == [None, None]


def test_devices_are_measured_row_by_row() -> None:
    flow = LiveReadings(np.array([NOON, ABSENT]), np.array([1.5, np.nan]))
    known = replace(snapshot(), last_seen=np.array([NOON, NOON]), live={"flow": flow})
    evidence, memory = measured(alarm.Reading("flow"), known, MeasureState.none(2))
    assert evidence.time.tolist() == [NOON, ABSENT]
    assert memory.count.tolist() == [0, 0]
