"""Chargers of other formats on the real store: what is published on their topics becomes sessions there."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from ingest.model.observation import RawMessage
from ingest.model.time import to_micros
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests import towns
from tests.processors.charging_point_traces import kept
from tests.processors.stored_readings import drain
from tests.towns import charging_point, sending

pytestmark = pytest.mark.integration

NOON: Final = datetime(2024, 10, 26, 12, tzinfo=UTC)
ARRIVAL: Final = to_micros(NOON + timedelta(days=1))
OCPP: Final = {"name": "chargers", "topic": "ocpp/{device}/{action}", "decoder": "ocpp", "gateway": "csms"}
OCPI: Final = {"name": "operator", "topic": "ocpi/{module}", "decoder": "ocpi", "gateway": "operator"}


def at(minutes: float) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


def published(topic: str, payloads: Iterable[object]) -> list[RawMessage]:
    return [RawMessage(topic, json.dumps(payload).encode(), ARRIVAL) for payload in payloads]


def status(minutes: float, name: str) -> dict[str, Any]:
    return {"connectorId": 1, "errorCode": "NoError", "status": name, "timestamp": at(minutes)}


def test_transactions_and_cdrs_are_sessions_of_what_they_delivered(connection: Connection) -> None:
    plug, status_of = sending("plugged_in", max_gap="P1D"), sending("connector_status", max_gap="P1D")
    per_session = sending("electricity_energy", register_contract={"scope": "session"})
    catalogue = sync(
        connection,
        [
            towns.city(
                charging_point("electricity_energy", plug, status_of, name="a", native_id="CP1:1", binding="chargers"),
                charging_point(per_session, plug, name="b", native_id="3256", binding="operator"),
                bindings=[OCPP, OCPI],
            )
        ],
    )
    told = [
        *published(
            "ocpp/CP1/StatusNotification", [status(0, "Preparing"), status(1.1, "Charging"), status(25, "Available")]
        ),
        *published(
            "ocpp/CP1/StartTransaction",
            [{"connectorId": 1, "idTag": "x", "meterStart": 910_031, "timestamp": at(1)}],
        ),
        *published(
            "ocpp/CP1/StopTransaction",
            [{"transactionId": 7, "meterStop": 910_114, "timestamp": at(20), "reason": "Local"}],
        ),
        *published(
            "ocpi/cdrs",
            [
                {
                    "id": "9",
                    "start_date_time": at(0),
                    "end_date_time": at(60),
                    "cdr_location": {"evse_uid": "3256"},
                    "total_energy": 15.342,
                    "last_updated": at(61),
                }
            ],
        ),
    ]
    stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
    receipt = stream.accept(told)
    assert (receipt.quarantined, receipt.conflict) == (0, 0)
    assert stream.accept(told).stored == 0
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    sessions = [(begin, end, round(float(str(energy)), 6)) for _, begin, end, energy, *_ in kept(connection)]
    assert sessions == [
        (NOON + timedelta(minutes=1), NOON + timedelta(minutes=20), 0.083),
        (NOON, NOON + timedelta(minutes=60), 15.342),
    ]


def cdr(evse: str, kwh: float, updated: float, **more: object) -> dict[str, object]:
    place = {"id": "LOC1", "evse_uid": evse}
    times = {"start_date_time": at(0), "end_date_time": at(60), "last_updated": at(updated)}
    return {"id": f"{evse}-{updated}", "cdr_location": place, "total_energy": kwh, **times, **more}


def test_a_credit_cdr_takes_a_session_back_and_a_later_cdr_is_what_holds_in_any_order(connection: Connection) -> None:
    plug = sending("plugged_in", max_gap="P1D")
    per_session = sending("electricity_energy", register_contract={"scope": "session"})
    names = {"a": "credited", "b": "corrected", "c": "corrected-in-disorder", "d": "untouched"}
    points = [
        charging_point(per_session, plug, name=name, native_id=evse, binding="operator") for name, evse in names.items()
    ]
    catalogue = sync(connection, [towns.city(*points, bindings=[OCPI])])
    credit = {"credit": True, "credit_reference_id": "1"}
    corrected = [cdr("", 15.0, 61), cdr("", -15.0, 200, **credit), cdr("", 14.5, 201)]

    def of(evse: str, cdrs: Iterable[dict[str, object]]) -> list[dict[str, object]]:
        return [{**one, "cdr_location": {"evse_uid": evse}} for one in cdrs]

    told = [
        *of("credited", corrected[:2]),
        *of("corrected", corrected),
        *of("corrected-in-disorder", reversed(corrected)),
        *of("untouched", corrected[:1]),
    ]
    stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
    for one in told:
        receipt = stream.accept(published("ocpi/cdrs", [one]))
        assert receipt.quarantined == 0
        drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    sessions = [(begin, end, round(float(str(energy)), 6)) for _, begin, end, energy, *_ in kept(connection)]
    hour = (NOON, NOON + timedelta(minutes=60))
    assert sessions == [(*hour, 14.5), (*hour, 14.5), (*hour, 15.0)]
