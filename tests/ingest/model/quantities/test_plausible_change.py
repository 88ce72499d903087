"""What readings are judged by: usual for their quantity, unless a city file says something else."""

from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Any

import pytest

from ingest.errors import CityFileError
from ingest.model.alarm import Unmoved
from ingest.model.alarm_limits import AlarmLimits
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.city.assets import City
from ingest.model.city.city_file import parse
from ingest.model.quantities.plausible_change import (
    DEVIATIONS,
    NEIGHBOURS,
    REPEATS,
    UNCHECKED,
    ChangeLimits,
    CheckedSeries,
    Judgement,
    PlausibleChange,
)
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import ReadingKind
from ingest.model.time import HOUR, MINUTE
from tests.every import of_every
from tests.towns import device, sending, town


def declared(**keys: object) -> City:
    """Return a city with a station whose outdoor temperature is declared with these keys."""
    series = sending("outdoor_temperature", **keys)
    return parse(town(device("station", "weather_station", series, site="roof", every="PT10M")), "harbour.yaml")


def change(quantity: str, declared: PlausibleChange | None = None, **differs: Any) -> ChangeLimits:  # noqa: ANN401 - fields of Judged by name
    usual = CheckedSeries(quantity, QUANTITIES[quantity].kind, scale=1.0, interval=10 * MINUTE, limits=())
    return replace(usual, **differs).by(declared or PlausibleChange())


def test_every_quantity_says_what_is_usual_and_why() -> None:
    assert all(len(quantity.usual.source) > 20 for quantity in QUANTITIES.values())


@of_every({name: name for name in QUANTITIES})
def test_nothing_that_may_rest_is_called_stuck(name: str) -> None:
    alarms = {rule.measure.quantity for rule in ALARM_RULES.values() if isinstance(rule.measure, Unmoved)}
    assert (change(name).stuck_after > 0) == (name in alarms)


@pytest.mark.parametrize("name", [name for name, one in QUANTITIES.items() if one.kind is not ReadingKind.GAUGE])
def test_registers_and_states_are_not_judged(name: str) -> None:
    assert change(name) == UNCHECKED


def test_a_sensor_is_stuck_when_its_alarm_says_so() -> None:
    assert change("outdoor_temperature").stuck_after == 6 * HOUR
    limits = {"outdoor_temperature_stuck": AlarmLimits(threshold=9.0)}
    assert change("outdoor_temperature", limits=({}, limits)).stuck_after == 9 * HOUR
    off = {"outdoor_temperature_stuck": AlarmLimits(enabled=False)}
    assert change("outdoor_temperature", limits=(off, {})).stuck_after == 0
    declared = PlausibleChange(stuck_after=timedelta(hours=5))
    assert change("outdoor_temperature", declared, limits=(off, {})).stuck_after == 5 * HOUR


def test_a_few_equal_readings_of_a_slow_device_are_no_proof() -> None:
    assert change("outdoor_temperature", interval=HOUR).stuck_after == REPEATS * HOUR


def test_a_series_declares_what_differs_in_the_unit_it_sends() -> None:
    declared = PlausibleChange(tolerance=9.0, neighbours=2)
    found = change("outdoor_temperature", declared, scale=5 / 9)
    assert found == ChangeLimits(2, DEVIATIONS, 5.0, 5.0, 180.0, 6 * HOUR)
    assert change("electricity_power", PlausibleChange(tolerance=2.0)) == ChangeLimits(NEIGHBOURS, DEVIATIONS, 2.0)
    assert change("electricity_power", PlausibleChange(max_per_hour=2.0)) == ChangeLimits(
        NEIGHBOURS, DEVIATIONS, inf, 0.0, 2.0
    )


def test_what_is_never_judged_is_not() -> None:
    assert change("outdoor_temperature", PlausibleChange(never=tuple(Judgement))) == UNCHECKED
    assert change("outdoor_temperature", PlausibleChange(never=(Judgement.OUTLIER,))).outlier_from == inf
    assert change("outdoor_temperature", PlausibleChange(never=(Judgement.RATE,))).max_per_hour == inf


def test_intervals_are_judged_by_what_is_declared_only() -> None:
    assert change("outdoor_temperature", kind=ReadingKind.INTERVAL) == UNCHECKED
    declared = PlausibleChange(tolerance=5.0)
    assert change("electricity_power", declared, kind=ReadingKind.INTERVAL).outlier_from == 5.0


def test_what_is_stored_tells_one_declaration_from_another() -> None:
    assert UNCHECKED.stored() is None
    assert change("outdoor_temperature").stored() != change("indoor_temperature").stored()


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"plausible_change": {"tolerance": 0}}, "plausible_change.tolerance"),
        ({"plausible_change": {"spikes": 3}}, "plausible_change.spikes"),
        ({"plausible_change": {"never": ["often"]}}, "plausible_change.never[0]"),
        ({"kind": "register", "plausible_change": {"tolerance": 3}}, "devices[0].series[0]"),
    ],
)
def test_a_fault_of_the_file_names_its_key(keys: dict[str, object], key: str) -> None:
    with pytest.raises(CityFileError, match=r"harbour\.yaml") as refused:
        declared(**keys)
    assert any(fault.key.endswith(key) for fault in refused.value.faults)


def test_a_city_file_may_say_what_differs() -> None:
    (station,) = declared(plausible_change={"tolerance": 3, "never": ["stuck"]}).devices
    found = station.change(station.series[0], {})
    assert (found.outlier_from, found.stuck_after) == (3.0, 0)
