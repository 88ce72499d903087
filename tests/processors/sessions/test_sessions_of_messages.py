"""From messages to sessions: what OCPP and OCPI say becomes readings, and these become sessions."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from ingest.decoder import Decoder
from ingest.decoders import DECODERS
from ingest.limits import DEFAULT
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.units import conversion
from ingest.model.registers import RegisterContract, Scope
from ingest.model.session import PLUGS, Session
from ingest.model.succession import Succession
from processors.steps.charging_register import Register, Trace
from processors.steps.session_assembly import assemble, occupancy

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
PLUG: Final = next(plug for plug in PLUGS if plug.quantity == "plugged_in")

Frame = list[Any]
Message = Frame | dict[str, Any]


def at(minutes: float) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def status(minutes: float, name: str, connector: int = 1) -> Frame:
    payload = {"connectorId": connector, "errorCode": "NoError", "status": name, "timestamp": at(minutes)}
    return [2, "s", "StatusNotification", payload]


def start(minutes: float, register: int) -> Frame:
    return [
        2,
        "a",
        "StartTransaction",
        {"connectorId": 1, "idTag": "x", "meterStart": register, "timestamp": at(minutes)},
    ]


def meter(minutes: float, *sampled: dict[str, Any]) -> Frame:
    meter_value = [{"timestamp": at(minutes), "sampledValue": list(sampled)}]
    return [2, "m", "MeterValues", {"connectorId": 1, "transactionId": 7, "meterValue": meter_value}]


def stop(minutes: float, register: int) -> Frame:
    return [2, "b", "StopTransaction", {"transactionId": 7, "meterStop": register, "timestamp": at(minutes)}]


def event(minutes: float, kind: str, state: str, register: float | None = None) -> Frame:
    payload: dict[str, Any] = {
        "eventType": kind,
        "timestamp": at(minutes),
        "triggerReason": "ChargingStateChanged",
        "seqNo": 0,
        "evse": {"id": 1, "connectorId": 1},
        "transactionInfo": {"transactionId": "t", "chargingState": state},
    }
    if register is not None:
        sampled = [{"value": register, "unitOfMeasure": {"unit": "kWh"}}]
        payload["meterValue"] = [{"timestamp": at(minutes), "sampledValue": sampled}]
    return [2, "e", "TransactionEvent", payload]


def connector_status(minutes: float, name: str) -> Frame:
    payload = {"timestamp": at(minutes), "connectorStatus": name, "evseId": 1, "connectorId": 1}
    return [2, "s", "StatusNotification", payload]


def readings(messages: Iterable[Message], decoder: Decoder) -> dict[str, Trace]:
    """Return what messages say of the only connector, by quantity, in its canonical unit; the largest of one time."""
    found: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for message in messages:
        for sample in decoder.decode(json.dumps(message).encode(), DEFAULT):
            if sample.device in {":0", None}:
                continue
            assert sample.time is not None
            numbers = {field: value for field, value in sample.values.items() if value is not None}
            states = {field: QUANTITIES["connector_status"].states.index(name) for field, name in sample.texts.items()}
            for field, value in (numbers | states).items():
                if quantity := QUANTITIES.get(decoder.meanings.get(field, "")):
                    number = conversion(sample.units.get(field, quantity.unit), quantity.unit)(float(value))
                    trace = found[quantity.name]
                    trace[sample.time] = max(number, trace.get(sample.time, number))
    traces = {name: sorted(trace.items()) for name, trace in found.items()}
    return {
        name: Trace(np.array([time for time, _ in rows]), np.array([value for _, value in rows]))
        for name, rows in traces.items()
    }


def sessions(
    messages: Iterable[Message], contract: RegisterContract | None = None, decoder: str = "ocpp"
) -> list[Session]:
    told = readings(messages, DECODERS[decoder])
    register = Register(told["electricity_energy"], Succession(contract or RegisterContract()))
    return assemble(occupancy(PLUG, told[PLUG.quantity]), register, lambda _: 22.0)


def said(found: Iterable[Session]) -> list[tuple[datetime, datetime | None, float | None]]:
    """Return begin, end and kWh of sessions."""

    def instant(micros: int) -> datetime:
        return datetime.fromtimestamp(micros / 1e6, UTC)

    return [
        (
            instant(one.begin),
            None if one.end is None else instant(one.end),
            None if one.energy_kwh is None else round(one.energy_kwh, 6),
        )
        for one in found
    ]


def minute(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


OF_1_6: Final = [
    status(-60, "Available", 0),
    status(-60, "Available"),
    status(0, "Preparing"),
    start(1, 910_031),
    status(1.1, "Charging"),
    meter(16, {"value": "910091", "unit": "Wh"}),
    stop(20, 910_114),
    status(20.1, "Finishing"),
    status(25, "Available"),
    status(90, "Preparing"),
    status(90.9, "Charging"),
    start(91, 910_114),
    stop(151, 917_114),
    status(160, "Available"),
]


def test_each_transaction_of_1_6_is_a_session_of_what_it_delivered() -> None:
    expected = [(minute(1), minute(20), 0.083), (minute(91), minute(151), 7.0)]
    assert said(sessions(OF_1_6)) == expected


def test_the_order_of_the_messages_decides_nothing() -> None:
    assert sessions(reversed(OF_1_6)) == sessions(OF_1_6)


def test_without_stops_the_next_start_tells_what_was_delivered_and_the_status_when_it_ended() -> None:
    """StopTransaction names no connector: where a station has several, it is of none of them."""
    without = [frame for frame in OF_1_6 if frame[2] != "StopTransaction"]
    expected = [(minute(1), minute(25), 0.083), (minute(91), minute(160), None)]
    assert said(sessions(without)) == expected


def test_a_charger_that_never_tells_its_status_has_the_same_sessions() -> None:
    without = [frame for frame in OF_1_6 if frame[2] != "StatusNotification"]
    assert sessions(without) == sessions(OF_1_6)


def test_a_transaction_that_starts_as_another_one_stops_is_another_session() -> None:
    frames = [start(1, 1000), stop(20, 3000), start(20, 3000), stop(40, 4000)]
    first, second = sessions(frames)
    assert (first.energy_kwh, second.energy_kwh) == (2.0, 1.0)


def test_a_running_transaction_has_what_its_meter_values_show_so_far() -> None:
    (running,) = sessions([start(1, 1000), meter(16, {"value": "2500"})])
    assert (running.end, running.energy_kwh) == (None, 1.5)


def test_a_register_that_begins_anew_with_each_transaction_is_read_by_its_scope() -> None:
    begin = {"value": "0", "unit": "kWh", "context": "Transaction.Begin"}
    frames = [
        start(1, 0),
        meter(16, {"value": "1.5", "unit": "kWh"}, begin),
        meter(31, begin, {"value": "3.0", "unit": "kWh"}),
        stop(46, 4500),
        start(91, 0),
        stop(106, 900),
    ]
    expected = [(minute(1), minute(46), 4.5), (minute(91), minute(106), 0.9)]
    assert said(sessions(frames, RegisterContract(scope=Scope.SESSION))) == expected


def test_a_stop_that_shows_zero_is_put_right_by_the_next_start() -> None:
    frames = [start(1, 910_031), meter(16, {"value": "910091"}), stop(20, 0), start(91, 910_114), stop(151, 917_114)]
    expected = [(minute(1), minute(20), 0.083), (minute(91), minute(151), 7.0)]
    assert said(sessions(frames)) == expected


def test_a_stop_slightly_below_the_first_sample_is_no_negative_session() -> None:
    (found,) = sessions([start(1, 910_031), meter(2, {"value": "910032"}), stop(20, 910_031)])
    assert found.energy_kwh is not None
    assert 0.0 <= found.energy_kwh <= 0.001


def test_what_a_charger_sends_again_changes_nothing() -> None:
    assert sessions([*OF_1_6, *OF_1_6[3:7]]) == sessions(OF_1_6)


def test_transaction_events_of_2_0_1_give_the_same_sessions() -> None:
    frames = [
        connector_status(-60, "Available"),
        connector_status(0, "Occupied"),
        event(1, "Started", "EVConnected", 910.031),
        event(2, "Updated", "Charging"),
        event(16, "Updated", "Charging", 910.091),
        event(20, "Ended", "EVConnected", 910.114),
        connector_status(25, "Available"),
    ]
    assert said(sessions(frames)) == [(minute(1), minute(20), 0.083)]


EVENTS_OF_2_0_1: Final = [
    connector_status(-60, "Available"),
    event(1, "Started", "EVConnected", 910.031),
    event(5, "Updated", "Charging", 910.040),
    event(16, "Updated", "Charging", 910.091),
    event(20, "Ended", "EVConnected", 910.114),
]


def test_transaction_events_that_come_in_any_order_give_the_same_session() -> None:
    for order in ((4, 0, 1, 3, 2), (2, 4, 3, 1, 0), (3, 2, 1, 0, 4)):
        assert sessions([EVENTS_OF_2_0_1[place] for place in order]) == sessions(EVENTS_OF_2_0_1)


def test_a_session_whose_start_was_lost_is_one_from_the_first_update_that_says_charging() -> None:
    without = [frame for frame in EVENTS_OF_2_0_1 if frame[3].get("eventType") != "Started"]
    assert said(sessions([stop(-70, 910_031), *without])) == [(minute(5), minute(20), 0.083)]


def test_a_session_whose_end_was_lost_ends_as_the_next_one_starts() -> None:
    frames = [*EVENTS_OF_2_0_1[:4], event(90, "Started", "Charging", 910.114), event(95, "Ended", "Idle", 910.200)]
    just_before = minute(90) - timedelta(microseconds=1)
    assert said(sessions(frames)) == [(minute(1), just_before, 0.083), (minute(90), minute(95), 0.086)]


def test_a_register_of_the_begin_that_comes_with_the_end_is_that_of_the_start() -> None:
    """As chargers that measure only at both ends do, the first session of a charger among them."""
    end = event(20, "Ended", "EVConnected")
    begun, ended = {"value": 910_031, "context": "Transaction.Begin"}, {"value": 910_114, "context": "Transaction.End"}
    end[3]["meterValue"] = [
        {"timestamp": at(1), "sampledValue": [begun]},
        {"timestamp": at(20), "sampledValue": [ended]},
    ]
    expected = [(minute(1), minute(20), 0.083)]
    assert said(sessions([event(1, "Started", "EVConnected"), end])) == expected


def test_an_awkward_charger_has_the_sessions_that_it_had() -> None:
    """It stops before it tells its meter values, uses an id again, mixes units, and is reset between two."""
    frames = [
        start(1, 910_031),
        stop(20, 910_114),
        meter(16, {"value": "910.091", "unit": "kWh"}, {"value": "910091", "unit": "Wh"}),
        meter(40, {"value": "910114"}),  # of no transaction
        start(91, 0),
        meter(100, {"value": "0.4", "unit": "kwh"}),
        stop(120, 1500),
    ]
    expected = [(minute(1), minute(20), 0.083), (minute(91), minute(120), 1.5)]
    assert said(sessions(frames)) == expected
    assert said(sessions(reversed(frames))) == expected


def cdr(begin: float, end: float, kwh: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as JSON has it
    place = {"id": "LOC1", "evse_uid": "3256"}
    return {"start_date_time": at(begin), "end_date_time": at(end), "total_energy": kwh, "cdr_location": place, **more}


def session(begin: float, kwh: float, status: str, updated: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    said = {"start_date_time": at(begin), "kwh": kwh, "evse_uid": "3256", "status": status, "last_updated": at(updated)}
    return {**said, **more}


PER_SESSION: Final = RegisterContract(scope=Scope.SESSION)


def test_each_cdr_is_a_session_in_any_order() -> None:
    cdrs = [cdr(0, 60, 10.0), cdr(60, 61, 0.0), cdr(90, 180, 22.5)]
    found = sessions(cdrs, PER_SESSION, "ocpi")
    at_once = minute(60) - timedelta(microseconds=1)  # the next one is plugged in when this one is plugged out
    expected = [(minute(0), at_once, 10.0), (minute(60), minute(61), 0.0), (minute(90), minute(180), 22.5)]
    assert said(found) == expected
    assert sessions(reversed(cdrs), PER_SESSION, "ocpi") == found


def test_a_session_that_is_pushed_as_it_goes_on_is_one_and_its_cdr_is_no_other() -> None:
    pushed = [session(0, 0, "ACTIVE", 0), session(0, 4.5, "ACTIVE", 30)]
    (running,) = sessions(pushed, PER_SESSION, "ocpi")
    assert (running.end, running.energy_kwh) == (None, 4.5)
    pushed += [session(0, 10.0, "COMPLETED", 61, end_date_time=at(60)), cdr(0, 60, 10.0)]
    assert said(sessions(pushed, PER_SESSION, "ocpi")) == [(minute(0), minute(60), 10.0)]


def test_charging_periods_divide_a_session_among_hours_and_change_nothing_else() -> None:
    periods = [
        {"start_date_time": at(minutes), "dimensions": [{"type": "ENERGY", "volume": volume}]}
        for minutes, volume in ((0, 2.0), (60, 7.0), (120, 1.0))
    ]
    divided = cdr(0, 130, 10.0, charging_periods=periods)
    register = readings([divided], DECODERS["ocpi"])["electricity_energy"]
    assert register.value.tolist() == [0.0, 2.0, 9.0, 10.0]
    assert said(sessions([divided], PER_SESSION, "ocpi")) == [(minute(0), minute(130), 10.0)]
