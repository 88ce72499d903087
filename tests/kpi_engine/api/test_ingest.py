"""Readings over HTTP: durable before the answer, which says what became of each, and who may send what."""

import base64
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from deploy.embedded.credentials import DeviceCredentials
from kpi_engine.api.rates import MESSAGES, RequestRates
from processors.intake.direct import APPLICATION
from processors.storage.readings.quarantine import Filter, find
from tests.towns import device, heat_meter, sending, town

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Server, Towns

pytestmark = pytest.mark.integration

PORT: Final = town(
    device("room", "indoor_climate_sensor", sending("indoor_temperature", field="object.temperature"),
           binding={"name": "lorawan", "device": "a81758fffe0c14d2"}),
    device("hall", "indoor_climate_sensor", sending("indoor_temperature", field="temperature"), binding="orion"),
    heat_meter(),
    heat_meter(name="pump"),
    device("clamp", "indoor_climate_sensor", sending("indoor_temperature", field="t"), binding="own"),
    name="port",
    bindings=[
        {"name": "lorawan", "path": "lorawan?event=up", "decoder": "chirpstack", "gateway": "lns"},
        {"name": "orion", "path": "v2/notify", "decoder": "ngsi_v2", "gateway": "broker"},
        {"name": "own", "path": "own/{device}", "decoder": "pharos"},
        {"name": "plugs", "topic": "plugs/{device}", "decoder": "pharos", "gateway": "bridge"},
    ],
)  # fmt: skip
UPLINK: Final = {
    "time": "2026-04-10T11:55:00+00:00",
    "deviceInfo": {"devEui": "a81758fffe0c14d2"},
    "fPort": 5,
    "object": {"temperature": 21.5},
}
ENTITY: Final = {"id": "hall", "type": "Device", "temperature": {"type": "Number", "value": 20.5}}


@pytest.fixture(scope="module")
def towns(open_towns: "Towns") -> "Towns":
    open_towns.add(PORT)
    return open_towns


@pytest.fixture(scope="module")
def secrets(towns: "Towns") -> dict[str, str]:
    """Return the secrets of devices and gateways of the port, by native id."""
    credentials = DeviceCredentials(towns.folder / "devices.json")
    return {name: credentials.add("port", name) for name in ("lns", "broker", "meter", "pump", "clamp", "bridge")}


@pytest.fixture
def anybody(towns: "Towns") -> Iterator[httpx.Client]:
    with httpx.Client(base_url=towns.url, timeout=120) as client:
        yield client


def basic(user: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}"}


def native(minute: int, value: float = 20.0, quantity: str = "heat_energy") -> dict[str, Any]:
    return {"time": f"2026-04-10T10:{minute:02}:00Z", "values": {quantity: value}}


def counts(answer: httpx.Response) -> dict[str, int]:
    """Return what became of the readings, without what none of them is."""
    assert answer.status_code == 202, answer.text
    body = answer.json()
    return {name: body[name] for name in ("stored", "duplicate", "conflict", "refused") if body[name]}


def stored(towns: "Towns", device: str, quantity: str = "heat_energy") -> list[float]:
    rows = towns.connection.execute(
        "select value from observation where series_id = %s order by time", [towns.series("port", device, quantity)]
    ).fetchall()
    towns.connection.rollback()
    return [value for (value,) in rows]


def test_a_device_sends_its_readings_and_is_told_what_became_of_each(
    towns: "Towns", anybody: httpx.Client, secrets: dict[str, str]
) -> None:
    own = basic("port.pump", secrets["pump"])
    message = [native(0), native(1, 21.0), native(2, -5.0), native(3, 1.0, "wind_speed")]
    answer = anybody.post("/api/v1/ingest", json=message, headers=own)
    assert counts(answer) == {"stored": 2, "refused": 2}
    assert stored(towns, "pump") == [20.0, 21.0]
    told = {(one["device"], one["reason"], one["field"]) for one in answer.json()["refusals"]}
    assert told == {("pump", "implausible", "heat_energy"), ("pump", "unknown_quantity", "values")}
    assert "quarantine" in answer.json()["became"]
    assert {one.reason for one in find(towns.connection, Filter("port", "pump"))} == {
        "implausible",
        "unknown_quantity",
    }
    again = anybody.post("/api/v1/ingest", json=message, headers=own)
    assert counts(again) == {"duplicate": 4}


def test_what_cannot_be_read_is_kept_and_told(anybody: httpx.Client, secrets: dict[str, str]) -> None:
    answer = anybody.post("/api/v1/ingest", content=b"{", headers=basic("port.meter", secrets["meter"]))
    assert counts(answer) == {"refused": 1}
    (refusal,) = answer.json()["refusals"]
    assert refusal["reason"] == "undecodable"
    assert refusal["detail"]


def test_a_connection_that_was_lost_meanwhile_costs_no_message(
    towns: "Towns", anybody: httpx.Client, secrets: dict[str, str]
) -> None:
    own = basic("port.meter", secrets["meter"])
    before = anybody.post("/api/v1/ingest", json=native(40), headers=own)
    ended = towns.connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s", [APPLICATION]
    ).fetchall()
    towns.connection.commit()
    after = anybody.post("/api/v1/ingest", json=native(41), headers=own)
    assert ended
    assert [counts(one) for one in (before, after)] == [{"stored": 1}] * 2


def test_a_key_makes_a_reading_without_time_one_reading(
    towns: "Towns", anybody: httpx.Client, secrets: dict[str, str]
) -> None:
    headers = {"Authorization": f"Bearer port.clamp.{secrets['clamp']}", "Idempotency-Key": "first"}
    untimed = {"values": {"t": 19.0}}
    first = anybody.post("/api/v1/ingest/port/own/clamp", json=untimed, headers=headers)
    towns.now += 1_000_000
    again = anybody.post("/api/v1/ingest/port/own/clamp", json=untimed, headers=headers)
    news = anybody.post("/api/v1/ingest/port/own/clamp", json=untimed, headers={**headers, "Idempotency-Key": "other"})
    assert [counts(one) for one in (first, again, news)] == [{"stored": 1}, {"duplicate": 1}, {"stored": 1}]
    assert first.json()["received_at"] == again.json()["received_at"] != news.json()["received_at"]
    assert stored(towns, "clamp", "indoor_temperature") == [19.0, 19.0]
    reused = anybody.post("/api/v1/ingest/port/own/clamp", json={"values": {"t": 18.0}}, headers=headers)
    assert reused.status_code == 409
    assert "nothing was taken" in reused.json()["detail"]


def test_a_webhook_of_chirpstack_needs_no_code(towns: "Towns", anybody: httpx.Client, secrets: dict[str, str]) -> None:
    own = basic("port.lns", secrets["lns"])
    uplink = anybody.post("/api/v1/ingest/port/lorawan?event=up", json=UPLINK, headers=own)
    joined = anybody.post("/api/v1/ingest/port/lorawan?event=join", json={"devEui": "x"}, headers=own)
    assert counts(uplink) == {"stored": 1}
    assert uplink.json()["topic"] == "#http/port/lorawan"
    assert counts(joined) == {}
    assert joined.json()["became"] == "not taken: the binding lorawan takes event=up; this is event='join'"
    assert stored(towns, "room", "indoor_temperature")[0] == 21.5


def test_a_context_broker_notifies_as_it_notified_quantumleap(
    towns: "Towns", anybody: httpx.Client, secrets: dict[str, str]
) -> None:
    notification = {"subscriptionId": "5f", "data": [ENTITY]}
    answer = anybody.post("/v2/notify", json=notification, headers=basic("port.broker", secrets["broker"]))
    assert counts(answer) == {"stored": 1}
    assert stored(towns, "hall", "indoor_temperature") == [20.5]


def test_a_program_with_a_token_says_whom_readings_are_of(towns: "Towns") -> None:
    with towns.client("integrator", ["port"]) as client:
        named = client.post("/ingest", params={"city": "port", "device": "meter"}, json=native(20))
        on_topic = client.post("/ingest", params={"topic": "pharos/v1/port/meter/telemetry"}, json=native(21))
        nobody = client.post("/ingest", json=native(22))
        posted = client.post("/ingest/port/lorawan?event=up", json=UPLINK | {"time": "2026-04-10T11:56:00Z"})
    assert [counts(one) for one in (named, on_topic, posted)] == [{"stored": 1}] * 3
    assert nobody.status_code == 422
    assert [one["field"] for one in nobody.json()["errors"]] == ["city"]


def test_nobody_speaks_for_others(towns: "Towns", anybody: httpx.Client, secrets: dict[str, str]) -> None:
    meter, lns = basic("port.meter", secrets["meter"]), basic("port.lns", secrets["lns"])
    with towns.client("integrator", ["port"]) as integrator:
        scoped = dict(integrator.headers)
    answers = {
        "another device": anybody.post("/api/v1/ingest?device=clamp", json=native(30), headers=meter),
        "another city": anybody.post("/api/v1/ingest?city=harbour&device=meter", json=native(30), headers=meter),
        "a topic of another": anybody.post("/api/v1/ingest?topic=plugs/1", json=native(30), headers=meter),
        "the path of another": anybody.post("/api/v1/ingest/port/own/clamp", json=native(30), headers=meter),
        "the path of a gateway": anybody.post("/api/v1/ingest/port/lorawan?event=up", json=UPLINK, headers=meter),
        "the topic of another gateway": anybody.post("/api/v1/ingest?topic=plugs/1", json=native(30), headers=lns),
        "a device, by a gateway": anybody.post("/api/v1/ingest?device=meter", json=native(30), headers=lns),
        "a city beyond the token": anybody.post(
            "/api/v1/ingest?city=harbour&device=meter", json=native(30), headers=scoped
        ),
    }
    assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(answers, 403)
    assert all("nothing was taken" in one.json()["detail"] for one in answers.values())


def test_a_wrong_secret_and_a_role_that_does_not_send_take_nothing(
    towns: "Towns", anybody: httpx.Client, secrets: dict[str, str]
) -> None:
    wrong = [
        {},
        basic("port.meter", "wrong"),
        basic("port.nobody", secrets["meter"]),
        {"Authorization": f"Bearer port.meter.{secrets['meter']}x"},
        {"Authorization": "Basic !"},
        {"Authorization": "Basic"},
        {"Authorization": "Digest x"},
        {"Authorization": "Bearer pharos_invented"},
    ]
    answers = [anybody.post("/api/v1/ingest", json=native(31), headers=one) for one in wrong]
    assert [one.status_code for one in answers] == [401] * len(wrong)
    for role in ("operator", "evaluator"):
        with towns.client(role) as client:
            assert client.post("/ingest?city=port&device=meter", json=native(31)).status_code == 403


def test_a_cookie_sends_nothing(towns: "Towns", anybody: httpx.Client) -> None:
    anybody.post("/api/v1/session", json={"token": towns.token("admin")})
    assert anybody.get("/api/v1/session").status_code == 200
    assert anybody.post("/api/v1/ingest?city=port&device=meter", json=native(32)).status_code == 401


def test_paths_that_nobody_bound_are_told_with_those_that_are(anybody: httpx.Client, secrets: dict[str, str]) -> None:
    answer = anybody.post("/api/v1/ingest/port/elsewhere", json=UPLINK, headers=basic("port.lns", secrets["lns"]))
    assert answer.status_code == 404
    assert "its paths are lorawan, v2/notify, own/{device}" in answer.json()["detail"]


def test_a_large_or_compressed_body_is_not_read(anybody: httpx.Client, secrets: dict[str, str]) -> None:
    own = basic("port.meter", secrets["meter"])
    large = anybody.post("/api/v1/ingest", content=b" " * (2**20 + 1), headers=own)
    packed = anybody.post("/api/v1/ingest", content=b"\x1f\x8b", headers={**own, "Content-Encoding": "gzip"})
    assert [large.status_code, packed.status_code] == [413, 415]
    most = anybody.post("/api/v1/ingest", content=json.dumps(native(33)).ljust(2**20).encode(), headers=own)
    assert counts(most) == {"stored": 1}


def test_whoever_is_unknown_is_answered_before_any_body_is_read(towns: "Towns") -> None:
    host, _, port = towns.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"POST /api/v1/ingest HTTP/1.1\r\nHost: pharos\r\nContent-Length: 1000000\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 401 ")


@pytest.fixture
def few_at_once(server: "Server") -> Iterator[None]:
    usual = server.app.state.message_rates
    server.app.state.message_rates = RequestRates(replace(MESSAGES, a_second=0.01, at_once=2))
    yield
    server.app.state.message_rates = usual


@pytest.mark.usefixtures("few_at_once")
def test_too_many_messages_of_one_sender_are_refused_before_anything_else(
    anybody: httpx.Client, secrets: dict[str, str]
) -> None:
    one, other = (basic(f"port.{name}", secrets[name]) for name in ("meter", "lns"))
    answers = [anybody.post("/api/v1/ingest?device=nobody", json=native(34), headers=one) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert answers[2].headers["Retry-After"]
    assert anybody.post("/api/v1/ingest/port/lorawan?event=ack", json={}, headers=other).status_code == 202
