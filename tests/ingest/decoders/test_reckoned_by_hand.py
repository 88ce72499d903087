"""Payloads written here by the rules of the standards, with results that were reckoned by hand."""

import json
from datetime import datetime

import pytest

from ingest.decoders import DECODERS
from ingest.limits import DEFAULT
from ingest.model.time import to_micros


def at(text: str) -> int:
    """Return an instant in microseconds."""
    return to_micros(datetime.fromisoformat(text))


def test_senml_adds_base_times_and_base_values_until_the_next_ones() -> None:
    records = [
        {"bn": "boiler/", "bt": 1.8e9, "bu": "Cel", "bv": 20, "n": "flow", "v": 3.5},
        {"n": "flow", "t": -5, "v": -1.5},
        {"bt": 1.8e9 + 60, "bv": 0, "n": "room", "u": "%RH", "t": 10, "v": 50},
    ]
    found = DECODERS["senml_json"].decode(json.dumps(records).encode(), DEFAULT)
    assert [(one.device, one.time, *one.values.items(), *one.units.values()) for one in found] == [
        ("boiler", 1_800_000_000_000_000, ("flow", 23.5), "degC"),
        ("boiler", 1_799_999_995_000_000, ("flow", 18.5), "degC"),
        ("boiler", 1_800_000_070_000_000, ("room", 50.0), "percent"),
    ]


def test_senml_times_below_2_to_the_28_are_before_their_arrival() -> None:
    records = [{"bn": "boiler/", "bt": -30, "n": "p", "v": 1}, {"n": "p", "t": -60, "v": 2}]
    found = DECODERS["senml_json"].decode(json.dumps(records).encode(), DEFAULT)
    assert [(one.time, one.age) for one in found] == [(None, 30_000_000), (None, 90_000_000)]


def test_an_entity_says_the_same_normalized_and_as_key_values() -> None:
    when = "2026-11-21T23:00:00Z"
    normalized = {
        "id": "m1",
        "type": "DeviceMeasurement",
        "temperature": {"type": "Number", "value": "21.5"},
        "TimeInstant": {"type": "DateTime", "value": when},
    }
    plain = {"id": "m1", "type": "DeviceMeasurement", "temperature": 21.5, "TimeInstant": when}
    one, other = (DECODERS["ngsi_v2"].decode(json.dumps(given).encode(), DEFAULT) for given in (normalized, plain))
    assert one == other
    assert (one[0].time, one[0].values) == (at(when), {"temperature": 21.5})


def test_a_stop_without_meter_values_tells_its_register_and_that_none_is_running() -> None:
    stop = {"transactionId": 7, "meterStop": 20_500, "timestamp": "2026-11-21T23:30:00Z"}
    (found,) = DECODERS["ocpp"].decode(json.dumps([2, "1", "StopTransaction", stop]).encode(), DEFAULT)
    assert (found.device, found.time) == (":", at("2026-11-21T23:30:00Z"))
    assert found.values == {"transaction": 0.0, "meterStop": 20_500.0}


def test_a_power_of_ten_of_2_0_1_is_multiplied_in() -> None:
    value = {"value": 12.5, "context": "Transaction.End", "unitOfMeasure": {"unit": "Wh", "multiplier": 3}}
    event = {
        "eventType": "Ended",
        "timestamp": "2026-11-21T23:30:00Z",
        "transactionInfo": {"transactionId": "AB", "stoppedReason": "Local"},
        "meterValue": [{"timestamp": "2026-11-21T23:29:59Z", "sampledValue": [value]}],
    }
    found = DECODERS["ocpp"].decode(json.dumps([2, "1", "TransactionEvent", event]).encode(), DEFAULT)
    assert [one.values["Energy.Active.Import.Register"] for one in found] == [12_500.0, 12_500.0]


@pytest.mark.parametrize("hour", [20, 21])
def test_a_cdr_delivers_by_its_periods_and_all_of_it_by_its_end(hour: int) -> None:
    cdr = {
        "start_date_time": f"2026-11-21T{hour}:00:00Z",
        "end_date_time": f"2026-11-21T{hour + 2}:00:00Z",
        "cdr_location": {"evse_uid": "E1"},
        "total_energy": 14.5,
        "charging_periods": [
            {"start_date_time": f"2026-11-21T{hour}:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 10.0}]},
            {"start_date_time": f"2026-11-21T{hour + 1}:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 4.5}]},
        ],
    }
    found = DECODERS["ocpi"].decode(json.dumps(cdr).encode(), DEFAULT)
    delivered = {one.time: one.values["total_energy"] for one in found if "total_energy" in one.values}
    begin, middle, end = (at(f"2026-11-21T{hour + step}:00:00Z") for step in range(3))
    assert delivered == {begin - 1: 0.0, middle: 10.0, end - 2: 14.5}
