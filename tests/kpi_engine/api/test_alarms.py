"""Alarms over HTTP: listed for those who operate, acknowledged by them, and told to whoever watches."""

from typing import TYPE_CHECKING

import httpx
import pytest

from ingest.model.time import MINUTE, SECOND
from kpi_engine.alarms.watcher import Watcher
from kpi_engine.api.alarms import still_open

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


@pytest.fixture
def silent(towns: "Towns") -> "Towns":
    """Return the towns after six minutes in which no device was heard, and all are told as silent."""
    watcher = Watcher(towns.connection)
    for now in range(towns.now - 6 * MINUTE, towns.now + 1, 30 * SECOND):
        watcher.step(now)
    return towns


def test_open_alarms_are_listed_with_what_is_wrong(silent: "Towns") -> None:
    with silent.client("operator", ["harbour"]) as client:
        items = client.get("/alarms", params={"open": True}).json()["items"]
    assert {(one["city"], one["device"], one["rule"], one["severity"]) for one in items} == {
        ("harbour", "meter", "silence", "minor"),
        ("harbour", "spare", "silence", "minor"),
    }
    assert items[0]["title"] == "Device silent"
    assert items[0]["detail"].startswith("nothing was heard on time")
    assert items[0]["raised_at"] == "2026-04-10T11:59:00Z"
    assert (items[0]["cleared_at"], items[0]["acknowledged_by"]) == (None, None)


def test_alarms_are_found_by_device_and_rule(silent: "Towns") -> None:
    with silent.client("admin") as client:
        found = client.get("/alarms", params={"city": "harbour", "device": "spare", "rule": "silence"}).json()["items"]
        none = client.get("/alarms", params={"rule": "low_delta_t"}).json()["items"]
        assert client.get("/alarms", params={"limit": 0}).status_code == 422
    assert [one["device"] for one in found] == ["spare"]
    assert none == []


def test_who_acknowledges_first_stays(silent: "Towns") -> None:
    with silent.client("operator") as first, silent.client("admin") as second:
        alarm = first.get("/alarms").json()["items"][0]
        path = f"/alarms/{alarm['alarm_id']}/acknowledge"
        answers = [client.post(path) for client in (first, second)]
        left = first.get("/alarms", params={"unacknowledged": True}).json()["items"]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.json()["acknowledged_by"] for answer in answers} == {"operator-1"}
    assert answers[0].json()["acknowledged_at"] == "2026-04-10T12:00:00Z"
    assert answers[0].json()["cleared_at"] is None
    assert alarm["alarm_id"] not in [one["alarm_id"] for one in left]
    assert len(left) == 2


def test_roles_see_and_acknowledge_what_is_theirs(silent: "Towns") -> None:
    number = still_open(silent.connection)[0].alarm_id
    silent.connection.commit()
    answers = {}
    for role in ("operator", "evaluator", "integrator", "admin"):
        with silent.client(role) as client:
            seen, done = client.get("/alarms"), client.post(f"/alarms/{number}/acknowledge")
            answers[role] = (seen.status_code, done.status_code)
    assert answers == {"operator": (200, 200), "evaluator": (403, 403), "integrator": (200, 403), "admin": (200, 200)}


def test_an_alarm_of_another_city_is_not_found(silent: "Towns") -> None:
    with silent.client("operator") as client, silent.client("operator", ["harbour"]) as limited:
        foreign = client.get("/alarms", params={"city": "island"}).json()["items"][0]["alarm_id"]
        assert limited.post(f"/alarms/{foreign}/acknowledge").status_code == 404
        assert client.post("/alarms/999999/acknowledge").status_code == 404


def test_the_console_acknowledges_with_its_csrf_token_only(silent: "Towns") -> None:
    with httpx.Client(base_url=f"{silent.url}/api/v1", timeout=120) as browser:
        csrf = browser.post("/session", json={"token": silent.token("operator")}).json()["csrf_token"]
        number = browser.get("/alarms").json()["items"][0]["alarm_id"]
        assert browser.post(f"/alarms/{number}/acknowledge").status_code == 403
        answer = browser.post(f"/alarms/{number}/acknowledge", headers={"X-CSRF-Token": csrf})
    assert answer.json()["acknowledged_by"] == "operator-1"
