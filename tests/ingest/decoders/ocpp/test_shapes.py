"""Messages of OCPP with anything anywhere: samples or a DecodeError, and one bad value costs no other."""

import json
from contextlib import suppress
from math import isfinite
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoder import Sample
from ingest.decoders.ocpp import decode
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import PayloadLimits
from ingest.reasons import Reason

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(max_size=3), inside, max_size=2),
    max_leaves=3,
)


def but(**usual: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects of these parts, of which any may be anything, or absent."""
    return st.fixed_dictionaries({}, optional={key: part | ANYTHING for key, part in usual.items()})


NUMBER = st.sampled_from(["7.5", 7.5, 10**400, "1e999", "n/a", ""])
SAMPLED = but(
    value=NUMBER,
    measurand=st.sampled_from(["Energy.Active.Import.Register", "Power.Active.Import"]),
    context=st.sampled_from(["Transaction.Begin", "Sample.Clock"]),
    unitOfMeasure=but(unit=st.just("Wh"), multiplier=st.sampled_from([3, -3, 300, 10**9])),
)
METER_VALUES = st.lists(
    but(timestamp=st.just("2026-07-01T12:00:00Z"), sampledValue=st.lists(SAMPLED | ANYTHING, max_size=3)), max_size=2
)
PAYLOAD = but(
    connectorId=st.just(1),
    evseId=st.just(1),
    evse=but(id=st.just(1)),
    timestamp=st.just("2026-07-01T12:00:00Z"),
    meterValue=METER_VALUES,
    transactionData=METER_VALUES,
    meterStart=NUMBER,
    meterStop=NUMBER,
    status=st.just("Charging"),
    connectorStatus=st.just("Occupied"),
    eventType=st.just("Ended"),
    transactionInfo=but(chargingState=st.just("Idle"), stoppedReason=st.just("Local")),
)
ACTION = st.sampled_from(
    ["MeterValues", "StatusNotification", "StartTransaction", "StopTransaction", "TransactionEvent"]
)
MESSAGE = (
    PAYLOAD
    | st.tuples(st.just(2), ANYTHING, ACTION | ANYTHING, PAYLOAD)
    | but(action=ACTION, payload=PAYLOAD, context=but(stationId=st.just("CP-7")), state=st.just(1))
)


@settings(max_examples=min(30, settings().max_examples))
@given(MESSAGE)
def test_a_message_with_anything_anywhere_gives_sound_samples_or_a_decode_error(message: object) -> None:
    with suppress(DecodeError):
        for sample in decode(json.dumps(message).encode()):
            assert all(type(value) is float and isfinite(value) for value in sample.values.values())
            assert all(flaw.detail.isprintable() for flaw in sample.flaws)


def meter_values(sampled: list[dict[str, Any]]) -> bytes:
    meter_value = [{"timestamp": "2026-07-01T12:00:00Z", "sampledValue": sampled}]
    return json.dumps([2, "a", "MeterValues", {"connectorId": 1, "meterValue": meter_value}]).encode()


def decoded(*sampled: dict[str, Any]) -> Sample:
    (found,) = decode(meter_values(list(sampled)))
    return found


def test_a_value_that_is_no_number_costs_no_other() -> None:
    found = decoded({"value": "-"}, {"value": "7", "measurand": "Power.Active.Import"})
    assert found.values == {"Power.Active.Import": 7.0}
    assert [(flaw.reason, flaw.field) for flaw in found.flaws] == [
        (Reason.NOT_A_NUMBER, "Energy.Active.Import.Register")
    ]


@pytest.mark.parametrize(
    ("sampled", "unit"),
    [
        ({}, "Wh"),
        ({"unit": "kWh"}, "kWh"),
        ({"measurand": "Energy.Active.Import.Interval"}, "Wh"),
        ({"measurand": "Power.Active.Import"}, "W"),
        ({"measurand": "Temperature", "unit": "Celsius"}, "degC"),
        ({"measurand": "Voltage"}, None),
    ],
)
def test_a_value_without_unit_has_that_of_its_measurand(sampled: dict[str, Any], unit: str | None) -> None:
    found = decoded({"value": "7", **sampled})
    assert found.units.get(*found.values) == unit


@pytest.mark.parametrize("contexts", [("Transaction.Begin", "Sample.Clock"), ("Sample.Clock", "Transaction.Begin")])
def test_of_two_registers_at_one_time_that_of_the_begin_is_left_out_in_any_order(contexts: tuple[str, str]) -> None:
    registers = {"Transaction.Begin": "909948", "Sample.Clock": "910031"}
    found = decoded(*({"value": registers[context], "context": context} for context in contexts))
    assert found.values == {"Energy.Active.Import.Register": 910_031.0}
    assert found.flaws == ()


def test_the_same_value_twice_is_one() -> None:
    assert decoded({"value": "7"}, {"value": "7.0"}).values == {"Energy.Active.Import.Register": 7.0}


def test_more_than_a_message_may_hold_is_refused_whole() -> None:
    payload = meter_values([{"value": "7", "phase": str(number)} for number in range(30)])
    with pytest.raises(OverLimitError, match="found 30 readings"):
        decode(payload, PayloadLimits(readings=20))
