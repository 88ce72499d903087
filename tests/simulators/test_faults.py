"""Faults do what their names say, to the devices they were asked for, in the same way every time."""

import json
from collections import Counter

import numpy as np
import pytest

from ingest.model.time import DAY, HOUR, MINUTE, SECOND
from simulators.device import SimulatedDevice
from simulators.errors import SimulationError
from simulators.faults import FAULTS, Delivery, Fault, afflict
from simulators.transmitter import Transmitter

METER = "meter-house-03"
BEGAN = 1_780_000_000_000_000


def _transmitter(devices: dict[str, SimulatedDevice], request: str) -> Transmitter:
    faults = afflict([request], list(devices.values()), seed=3, began=BEGAN)
    return Transmitter(devices[METER], faults[METER])


def _live(transmitter: Transmitter, count: int = 200) -> list[list[Delivery]]:
    return [transmitter.transmit(np.array([BEGAN + index * 10 * SECOND])) for index in range(count)]


def _healthy(devices: dict[str, SimulatedDevice], count: int = 200) -> list[list[Delivery]]:
    return _live(Transmitter(devices[METER]), count)


def test_a_healthy_device_says_each_thing_once(devices: dict[str, SimulatedDevice]) -> None:
    assert {len(deliveries) for deliveries in _healthy(devices)} == {1}


def test_silence_began_hours_ago_and_lasts(devices: dict[str, SimulatedDevice]) -> None:
    transmitter = _transmitter(devices, f"silence:{METER}")
    assert _live(transmitter, 20) == [[]] * 20
    (delivery,) = transmitter.transmit(np.arange(BEGAN - DAY, BEGAN, 15 * MINUTE))
    assert len(json.loads(delivery.payload)) == 18 * 4
    assert transmitter.transmit(np.arange(BEGAN - 5 * HOUR, BEGAN, 15 * MINUTE)) == []


def test_a_reset_restarts_registers_once_a_day_and_leaves_gauges_alone(devices: dict[str, SimulatedDevice]) -> None:
    times = np.arange(BEGAN - 3 * DAY, BEGAN, 15 * MINUTE)
    (spoilt,), (healthy,) = (
        transmitter.transmit(times)
        for transmitter in (_transmitter(devices, f"reset:{METER}"), Transmitter(devices[METER]))
    )
    for quantity, resets in (("heat_energy", 3), ("volume", 3), ("volume_return_temperature", 3)):
        values = np.array([sample["values"][quantity] for sample in json.loads(spoilt.payload)])
        true = np.array([sample["values"][quantity] for sample in json.loads(healthy.payload)])
        down = np.flatnonzero(np.diff(values) < 0)
        assert len(down) == resets
        assert (values >= 0).all()
        kept = np.delete(np.diff(values) - np.diff(true), down)
        assert abs(kept).max() < 2e-4
    assert _values(spoilt, "supply_temperature") == _values(healthy, "supply_temperature")


def test_duplicates_are_the_same_bytes_again(devices: dict[str, SimulatedDevice]) -> None:
    counts: Counter[int] = Counter()
    for spoilt, healthy in zip(_live(_transmitter(devices, f"duplicate:{METER}")), _healthy(devices), strict=True):
        assert set(spoilt) == set(healthy)
        counts[len(spoilt)] += 1
    assert set(counts) == {1, 2}
    assert 40 < counts[2] < 95


def test_late_messages_say_what_they_would_have_said_in_time(devices: dict[str, SimulatedDevice]) -> None:
    spoilt, healthy = _live(_transmitter(devices, f"late:{METER}")), _healthy(devices)
    assert [each.payload for (each,) in spoilt] == [each.payload for (each,) in healthy]
    delays = [each.delay for (each,) in spoilt if each.delay]
    assert 70 < len(delays) < 130
    assert min(delays) >= 30 * SECOND
    assert max(delays) <= 10 * MINUTE


@pytest.mark.parametrize("seed", range(12))
def test_a_wrong_clock_is_wrong_by_at_least_an_hour_and_steadily_so(
    devices: dict[str, SimulatedDevice], seed: int
) -> None:
    faults = afflict([f"wrong-clock:{METER}"], list(devices.values()), seed, BEGAN)
    said, meant = (
        np.array([_time(deliveries[0]) for deliveries in _live(Transmitter(devices[METER], each), 5)])
        for each in (faults[METER], [])
    )
    shift = np.unique(said - meant)
    assert len(shift) == 1
    assert abs(shift[0]) >= np.timedelta64(1, "h")
    assert said[0].astype("datetime64[Y]").astype(int) + 1970 in {1970, 2025, 2026, 2027, 2038}


@pytest.mark.long
def test_rubbish_is_no_reading_and_the_rest_is_untouched(devices: dict[str, SimulatedDevice]) -> None:
    spoilt, healthy = _live(_transmitter(devices, f"rubbish:{METER}"), 400), _healthy(devices, 400)
    rubbish = [bad.payload for (bad,), (good,) in zip(spoilt, healthy, strict=True) if bad != good]
    assert 60 < len(rubbish) < 140
    assert len(set(map(len, rubbish))) >= 6
    assert max(map(len, rubbish)) > 100_000
    assert not any(_is_native(payload) for payload in rubbish)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_run_can_be_repeated(devices: dict[str, SimulatedDevice], fault: str) -> None:
    assert _live(_transmitter(devices, f"{fault}:{METER}"), 50) == _live(_transmitter(devices, f"{fault}:{METER}"), 50)


def test_several_faults_add_up(devices: dict[str, SimulatedDevice]) -> None:
    faults = afflict([f"duplicate:{METER}", f"late:{METER}"], list(devices.values()), 3, BEGAN)
    deliveries = [each for said in _live(Transmitter(devices[METER], faults[METER])) for each in said]
    assert len(deliveries) > 220
    assert any(each.delay for each in deliveries)


@pytest.mark.parametrize(
    ("request_", "afflicted"), [("silence", 4), ("silence:0.5", 9), ("silence:1", 18), (f"silence:{METER}", 1)]
)
def test_a_request_names_a_device_or_a_share(
    devices: dict[str, SimulatedDevice], request_: str, afflicted: int
) -> None:
    faults: dict[str, list[Fault]] = afflict([request_], list(devices.values()), 3, BEGAN)
    assert sum(map(bool, faults.values())) == afflicted


@pytest.mark.parametrize(
    ("request_", "expected"),
    [("flood", "expected one of silence, reset"), ("late:2", "a share from 0 to 1"), ("late:nobody", "meter-house-01")],
)
def test_a_wrong_request_is_refused_with_what_was_expected(
    devices: dict[str, SimulatedDevice], request_: str, expected: str
) -> None:
    with pytest.raises(SimulationError, match=expected):
        afflict([request_], list(devices.values()), 3, BEGAN)


def _values(delivery: Delivery, quantity: str) -> list[float]:
    return [sample["values"][quantity] for sample in json.loads(delivery.payload)]


def _time(delivery: Delivery) -> np.datetime64:
    return np.datetime64(json.loads(delivery.payload)["time"].removesuffix("Z"), "us")


def _is_native(payload: bytes) -> bool:
    """Whether ``payload`` could pass for a reading: an object with a valid time and finite numbers."""
    try:
        document = json.loads(payload, parse_constant=lambda _name: None)
        np.datetime64(document["time"].removesuffix("Z"))
        return all(isinstance(value, float) and abs(value) < 1e300 for value in document["values"].values())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False
