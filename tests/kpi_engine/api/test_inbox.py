"""The inbox over HTTP: who sent without being declared, a guess, the lines to paste, and a claim."""

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ingest.model.city import city_file
from ingest.model.declarations import yaml_document
from ingest.model.observation import RawMessage
from ingest.model.time import MINUTE
from processors.intake.stream import Stream
from processors.storage.readings import replay_requests
from processors.storage.readings.sink import Sink
from tests.kpi_engine.api.conftest import HARBOUR, listed

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

TOPIC = "zigbee2mqtt/cellar"


@pytest.fixture
def sent(towns: "Towns") -> "Towns":
    """Return the towns after somebody sent on a topic that is nobody's, and another one as a device of the harbour."""
    stream = Stream(Sink(towns.connection, towns.catalogue, "mqtt"), towns.catalogue)
    messages = []
    for number in range(6):
        at = towns.now - (6 - number) * 15 * MINUTE
        said = json.dumps({"energy": 100.0 + number, "power": 50.0 - number % 2}).encode()
        messages.append(RawMessage(TOPIC, said, at))
        native = json.dumps({"time": at // 1000, "values": {"heat_energy": 7.0 + number}}).encode()
        messages.append(RawMessage("pharos/v1/harbour/newcomer/telemetry", native, at))
    stream.accept(messages)
    return towns


def found(client: httpx.Client, origin: str, **more: str) -> dict[str, Any]:
    """Return what is said of one who is not declared."""
    answer = client.get("/inbox/sender", params={"origin": origin, **more})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def test_who_sent_is_listed_for_those_who_may_see_it(sent: "Towns", admin: httpx.Client) -> None:
    items = {one["origin"]: one for one in listed(admin, "/inbox", city="harbour")}
    assert {name: (one["city"], one["messages"], one["kept"], one["dropped"]) for name, one in items.items()} == {
        TOPIC: (None, 6, 6, 0),
        "newcomer": ("harbour", 6, 6, 0),
    }
    with sent.client("operator", ["harbour"]) as limited, sent.client("evaluator") as evaluator:
        assert [one["origin"] for one in listed(limited, "/inbox")] == ["newcomer"]
        assert evaluator.get("/inbox").status_code == 403
    with sent.client("integrator", ["island"]) as elsewhere:
        assert listed(elsewhere, "/inbox") == []
        assert elsewhere.get("/inbox/sender", params={"origin": "newcomer"}).status_code == 404


def test_the_lines_are_valid_where_they_are_pasted(sent: "Towns", admin: httpx.Client) -> None:
    del sent
    for origin in (TOPIC, "newcomer"):
        shown = found(admin, origin, city="harbour")
        assert (shown["faults"], shown["is_declared"], shown["expected_interval"]) == ([], False, "PT15M")
        pasted = json.loads(HARBOUR)
        document: Any = yaml_document.read(shown["lines"]).value
        for key, items in document.items():
            pasted[key] = [*pasted.get(key, []), *items]
        declared = city_file.parse(json.dumps(pasted), "pasted").devices[-1]
        assert declared.name in {"cellar", "newcomer"}


def test_what_fields_are_is_told_by_format_and_by_curve(sent: "Towns", admin: httpx.Client) -> None:
    del sent
    shown = found(admin, TOPIC, city="harbour")
    assert shown["decoder"] == "zigbee2mqtt"
    assert {one["field"]: (one["quantity"], one["unit"], one["kind"]) for one in shown["fields"]} == {
        "energy": ("electricity_energy", "kWh", "register"),
        "power": ("electricity_power", "W", "gauge"),
    }
    assert shown["samples"][-1]["topic"] == TOPIC
    assert admin.get("/inbox/sender", params={"origin": TOPIC}).status_code == 422  # two towns, and it names none


def test_a_claim_is_noted_for_those_who_store(sent: "Towns") -> None:
    with sent.client("integrator", ["harbour"]) as integrator:
        claimed = integrator.post("/inbox/claim", json={"origin": "newcomer"})
        assert integrator.post("/inbox/claim", json={"origin": TOPIC}).status_code == 404
    assert claimed.status_code == 202
    asked = replay_requests.begin(sent.connection)
    sent.connection.commit()
    assert asked is not None
    assert (asked.wanted.origin, asked.wanted.city, asked.wanted.cities) == ("newcomer", "harbour", ["harbour"])
