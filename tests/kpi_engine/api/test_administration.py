"""Administration over HTTP: credentials, city files and tokens, each for who may, of the cities of the token."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml

from deploy.embedded.credentials import DeviceCredentials
from kpi_engine.api import tokens
from processors.storage.registry import registry
from tests.kpi_engine.api.conftest import HARBOUR
from tests.towns import device, heat_meter, sending, town

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

CREDENTIAL = "/cities/harbour/devices/meter/credential"


@pytest.fixture(scope="module")
def towns(open_towns: "Towns") -> "Towns":
    return open_towns


@pytest.fixture
def integrator(towns: "Towns") -> Iterator[httpx.Client]:
    """Return an integrator of the harbour."""
    with towns.client("integrator", ["harbour"]) as client:
        yield client


def village(name: str = "village", **keys: Any) -> str:  # noqa: ANN401 - as ``town`` takes them
    return town(heat_meter(), name=name, **keys)


def test_a_credential_is_shown_once_replaced_and_taken_away(towns: "Towns", integrator: httpx.Client) -> None:
    issued = integrator.post(CREDENTIAL)
    assert issued.status_code == 201
    body = issued.json()
    assert (body["user"], body["topics"], body["is_declared"]) == (
        "harbour.meter",
        ["pharos/v1/harbour/meter/telemetry"],
        True,
    )
    (listed,) = [one for one in integrator.get("/credentials").json()["items"] if one["device"] == "meter"]
    assert listed.keys() == {"city", "device", "user", "issued_at"}
    assert body["secret"] not in (towns.folder / "devices.json").read_text()
    again = integrator.post(CREDENTIAL)
    assert again.status_code == 409
    assert "Nothing was changed" in again.json()["detail"]

    def sends(secret: str) -> int:
        own = {"Authorization": f"Bearer harbour.meter.{secret}"}
        return httpx.post(f"{towns.url}/api/v1/ingest", json=[], headers=own, timeout=120).status_code

    rotated = integrator.put(CREDENTIAL).json()
    assert [sends(body["secret"]), sends(rotated["secret"])] == [401, 202]
    assert integrator.delete(CREDENTIAL).status_code == 204
    assert [sends(rotated["secret"]), integrator.delete(CREDENTIAL).status_code] == [401, 404]


def test_a_gateway_of_paths_is_told_where_it_posts(towns: "Towns") -> None:
    room = device("room", "indoor_climate_sensor", sending("indoor_temperature", field="t"), binding="hooks")
    towns.add(
        town(room, name="gated", bindings=[{"name": "hooks", "path": "hooks", "decoder": "pharos", "gateway": "gw"}])
    )
    with towns.client("admin") as client:
        body = client.post("/cities/gated/devices/gw/credential").json()
    assert (body["topics"], body["paths"], body["is_declared"]) == ([], ["/api/v1/ingest/gated/hooks"], True)


def test_roles_and_cities_bound_who_administers_what(towns: "Towns") -> None:
    asked = {
        "credentials": ("GET", "/credentials", None),
        "issue": ("POST", "/cities/harbour/devices/spare/credential", None),
        "file": ("GET", "/cities/harbour/file", None),
        "dry run": ("PUT", "/cities/harbour/file?dry_run=true", HARBOUR),
        "apply": ("PUT", "/cities/harbour/file", HARBOUR),
        "try": ("POST", "/try?city=harbour", "{}"),
        "tokens": ("GET", "/tokens", None),
        "make a token": ("POST", "/tokens", json.dumps({"name": "x", "role": "admin"})),
    }
    allowed = {}
    for role in ("operator", "evaluator", "integrator", "admin"):
        with towns.client(role, ["island"] if role == "admin" else ["harbour"]) as client:
            client.headers["Content-Type"] = "application/json"
            answers = {name: client.request(method, path, content=body) for name, (method, path, body) in asked.items()}
        allowed[role] = [name for name, answer in answers.items() if answer.status_code < 400]
        assert {answer.status_code for name, answer in answers.items() if name not in allowed[role]} <= {403}
    assert allowed == {
        "operator": [],
        "evaluator": [],
        "integrator": ["credentials", "issue", "file", "dry run", "try"],
        "admin": ["credentials", "tokens"],  # of another city
    }


def test_a_cookie_administers_with_the_proof_of_the_page_only(towns: "Towns") -> None:
    with httpx.Client(base_url=f"{towns.url}/api/v1", timeout=120) as browser:
        login = browser.post("/session", json={"token": towns.token("admin")}).json()
        forged = [
            browser.post("/cities/island/devices/meter/credential").status_code,
            browser.put("/cities/harbour/file?dry_run=true", content=HARBOUR).status_code,
            browser.post("/tokens", json={"name": "forged", "role": "admin"}).status_code,
            browser.post("/try?city=harbour", content="{}").status_code,
        ]
        own = {"X-CSRF-Token": login["csrf_token"]}
        assert browser.put("/cities/harbour/file?dry_run=true", content=HARBOUR, headers=own).status_code == 200
    assert forged == [403] * 4


def test_a_city_file_is_registered_and_read_again(towns: "Towns") -> None:
    with towns.client("admin") as client:
        tried = client.put("/cities/village/file?dry_run=true", content=village())
        assert (tried.json()["applied"], tried.json()["devices"]) == (False, 1)
        assert client.get("/cities/village/file").status_code == 404
        assert client.put("/cities/village/file", content=village()).json()["applied"] is True
        shown = client.get("/cities/village/file")
        assert shown.headers["Content-Type"].startswith("application/yaml")
        again = client.put("/cities/village/file", content=shown.text)
    assert (again.status_code, again.json()["news"]) == (200, [])
    assert yaml.safe_load(shown.text)["devices"][0]["name"] == "meter"


def test_a_city_file_as_it_is_shown_is_the_one_that_is_registered(towns: "Towns") -> None:
    before = registry.declared(towns.connection, "harbour")
    towns.connection.rollback()
    with towns.client("admin") as client:
        shown = client.get("/cities/harbour/file").text
        client.put("/cities/harbour/file", content=shown).raise_for_status()
    assert registry.declared(towns.connection, "harbour") == before
    towns.connection.rollback()


def test_what_takes_readings_out_of_figures_is_said_and_done_on_demand_only(towns: "Towns") -> None:
    lone = town(heat_meter(), heat_meter(name="pump"), name="lone")
    towns.add(lone)
    towns.count(towns.series("lone", "pump", "heat_energy"), "2026-03-01T00:00:00Z", 3)
    with towns.client("admin") as client:
        tried = client.put("/cities/lone/file?dry_run=true", content=village("lone")).json()
        refused = client.put("/cities/lone/file", content=village("lone"))
        done = client.put("/cities/lone/file?losses=true", content=village("lone"))
    assert tried["losses"][0].startswith("pump leaves, and with it the past of 1 series")
    assert refused.status_code == 409
    assert "pump leaves" in refused.json()["detail"]
    assert "Nothing was changed" in refused.json()["detail"]
    assert done.json()["applied"] is True


def test_every_fault_of_a_city_file_is_named_with_its_line(towns: "Towns") -> None:
    document = json.loads(village())
    document["devices"][0] |= {"direction": "sideways"}
    document["timezone"] = "Europe/Atlantis"
    with towns.client("admin") as client:
        answers = [
            client.put("/cities/village/file", content=json.dumps(document, indent=1)),
            client.put("/cities/other/file", content=village()),
            client.put("/cities/village/file", content=b"\xff"),
            client.put("/cities/village/file", content=b"- : -: {"),
        ]
    assert [answer.status_code for answer in answers] == [422] * 4
    fields = [[one["field"] for one in answer.json()["errors"]] for answer in answers]
    assert fields[:3] == [["timezone", "devices[0].direction"], ["name"], ["body"]]
    assert all(one["detail"].startswith("line ") for one in answers[0].json()["errors"])
    assert all("Nothing was changed" in answer.json()["detail"] for answer in answers)


def test_a_token_is_made_listed_and_ended(towns: "Towns") -> None:
    with towns.client("admin", ["harbour"]) as client:
        made = client.post("/tokens", json={"name": "hand", "role": "operator", "cities": ["harbour"], "days": 400})
        assert made.status_code == 201
        given = {"Authorization": f"Bearer {made.json()['secret']}"}
        sees = httpx.get(f"{towns.url}/api/v1/devices", headers=given, timeout=120)
        twice = client.post("/tokens", json={"name": "hand", "role": "operator", "cities": ["harbour"]})
        listed = client.get("/tokens").json()["items"]
        ended = client.delete("/tokens/hand").status_code
        gone = httpx.get(f"{towns.url}/api/v1/devices", headers=given, timeout=120)
    assert [sees.status_code, twice.status_code, ended, gone.status_code] == [200, 409, 204, 401]
    assert listed[0]["name"] == "hand"
    assert "secret" not in listed[0]
    assert made.json()["expires_at"] == "2027-05-15T12:00:00Z"


def test_nobody_hands_out_more_than_they_have(towns: "Towns") -> None:
    towns.token("admin", None)
    everybody = {one.name for one in tokens.issued(towns.connection) if one.cities is None}
    towns.connection.commit()
    with towns.client("admin", ["harbour"]) as client:
        answers = [
            client.post("/tokens", json={"name": "all", "role": "operator"}),
            client.post("/tokens", json={"name": "both", "role": "operator", "cities": ["harbour", "island"]}),
            client.post("/tokens", json={"name": "none", "role": "operator", "cities": []}),
        ]
        assert everybody.isdisjoint(one["name"] for one in client.get("/tokens").json()["items"])
        assert client.delete(f"/tokens/{next(iter(everybody))}").status_code == 404
    assert [answer.status_code for answer in answers] == [
        403,
        403,
        422,
    ]  # the description says that a token is good for a city at least


def test_a_message_is_tried_and_nothing_is_written(towns: "Towns", integrator: httpx.Client) -> None:
    before = _rows(towns)
    message = [
        {"time": "2026-04-10T10:00:00Z", "values": {"heat_energy": 1.5}, "units": {"heat_energy": "MWh"}},
        {"time": "2026-04-10T10:00:00", "values": {"heat_energy": 2.0}},
    ]
    answer = integrator.post("/try", params={"city": "harbour"}, json=message).json()
    assert answer["topic"] == "pharos/v1/harbour/meter/telemetry"
    (row,) = answer["rows"]
    assert (row["quantity"], row["value"], row["unit"]) == ("heat_energy", 1500.0, "kWh")
    assert [(one["reason"], one["field"]) for one in answer["refusals"]] == [("bad_time", "time")]
    other = integrator.post("/try", params={"city": "harbour", "decoder": "sensml"}, content=b"{}")
    assert other.status_code == 422
    assert "senml_json" in other.json()["detail"]
    assert _rows(towns) == before


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Return what is logged meanwhile, down to the last detail."""
    root, text = logging.getLogger(), StringIO()
    handler, level = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.setLevel(level)
    root.removeHandler(handler)


def test_no_secret_is_written_to_the_log(towns: "Towns", logged: StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    secret = DeviceCredentials(towns.folder / "devices.json").add("harbour", "logged")
    token = towns.token("integrator")
    for given in (f"Bearer harbour.logged.{secret}", f"Bearer {token}", f"Bearer harbour.logged.{secret}?", token):
        for path in ("ingest", "ingest/harbour/nowhere", "try?city=harbour", "tokens", "nowhere"):
            httpx.post(f"{towns.url}/api/v1/{path}", content=b"{", headers={"Authorization": given})
    written = logged.getvalue() + "".join(capfd.readouterr())
    assert "HTTP" in written
    assert secret not in written
    assert token not in written


def _rows(towns: "Towns") -> list[int]:
    counts = (
        "select (select count(*) from observation), (select count(*) from quarantine), (select count(*) from ledger),"
        " (select count(*) from repeatable_request)"
    )
    (counted,) = towns.connection.execute(counts).fetchall()
    towns.connection.rollback()
    return list(counted)
