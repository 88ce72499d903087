"""Connectors of charging stations: the topic or the payload names the station, the payload its connector."""

import json
from typing import Any

import pytest

from ingest.decoders import DECODERS
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import RawMessage
from ingest.resolve import Resolver
from tests import towns
from tests.towns import charging_point

ARRIVAL = 1_795_262_460_000_000
CONNECTORS = ("CP1:1", "CP2:1", "CP2:2", "CP3")


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    points = [
        charging_point("electricity_energy", name=f"point-{number}", native_id=called, binding="chargers")
        for number, called in enumerate(CONNECTORS)
    ]
    bindings = [{"name": "chargers", "topic": "ocpp/{device}/{action}", "decoder": "ocpp", "gateway": "csms"}]
    city = towns.city(*points, bindings=bindings)
    devices = {("harbour", f"point-{number}"): number for number in range(4)}
    series = {(*key, "electricity_energy"): number for key, number in devices.items()}
    return Resolver(Catalogue([city], Ids(devices, series)), DECODERS["pharos"])


def told(resolver: Resolver, station: str, message: object) -> tuple[list[int], list[tuple[str, str]]]:
    """Return the numbers of the points that a message is of, and what is refused of it."""
    resolved = resolver.resolve([RawMessage(f"ocpp/{station}/any", json.dumps(message).encode(), ARRIVAL)])
    return resolved.batch.series_id.tolist(), [(one.reason, one.detail) for one in resolved.refusals]


def meter_values(connector: int) -> list[Any]:
    sampled = [{"timestamp": "2026-07-01T12:00:00Z", "sampledValue": [{"value": "1204350"}]}]
    return [2, "a", "MeterValues", {"connectorId": connector, "meterValue": sampled}]


STOP = [2, "a", "StopTransaction", {"transactionId": 7, "meterStop": 9, "timestamp": "2026-07-01T12:00:00Z"}]


def test_a_connector_is_one_of_the_station_that_the_topic_names(resolver: Resolver) -> None:
    assert told(resolver, "CP1", meter_values(1)) == ([0], [])
    assert told(resolver, "CP2", meter_values(2)) == ([2], [])
    assert told(resolver, "CP2:2", meter_values(2)) == ([2], [])


def test_a_station_that_the_payload_names_goes_before_that_of_the_topic(resolver: Resolver) -> None:
    _, _, action, payload = meter_values(2)
    message = {"stationId": "CP2", "action": action, "payload": payload}
    assert told(resolver, "all", message) == ([2], [])


def test_a_message_without_connector_is_of_the_only_one(resolver: Resolver) -> None:
    assert told(resolver, "CP1", STOP) == ([0], [])
    assert told(resolver, "CP2:2", STOP) == ([2], [])


def test_a_message_without_connector_is_of_none_where_there_are_several(resolver: Resolver) -> None:
    rows, refusals = told(resolver, "CP2", STOP)
    assert rows == []
    assert refusals == [("unknown_device", "no device of binding chargers of harbour is called 'CP2:'")]


def test_a_connector_that_nobody_declared_is_no_other_one(resolver: Resolver) -> None:
    rows, refusals = told(resolver, "CP1", meter_values(0))
    assert rows == []
    assert refusals == [("unknown_device", "no device of binding chargers of harbour is called 'CP1:0'")]


def test_a_station_that_is_declared_as_a_whole_is_its_first_connector(resolver: Resolver) -> None:
    assert told(resolver, "CP3", meter_values(1)) == ([3], [])
    assert told(resolver, "CP3", STOP) == ([3], [])
    assert told(resolver, "CP3", meter_values(2))[0] == []
    _, _, action, payload = STOP
    assert told(resolver, "all", {"stationId": "CP3", "action": action, "payload": payload}) == ([3], [])
