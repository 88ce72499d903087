"""Alarms over HTTP: listed for those who operate, acknowledged by them, and told to whoever watches."""

from typing import TYPE_CHECKING

import httpx
import pytest

from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.time import HOUR, MINUTE, SECOND
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
    number = still_open(silent.connection, silent.now)[0].alarm_id
    silent.connection.commit()
    answers = {}
    for role in ("operator", "evaluator", "integrator", "admin"):
        with silent.client(role) as client:
            seen, done = client.get("/alarms"), client.post(f"/alarms/{number}/acknowledge")
            answers[role] = (seen.status_code, done.status_code)
    assert answers == {"operator": (200, 200), "evaluator": (403, 403), "integrator": (200, 403), "admin": (200, 200)}


def test_many_alarms_are_acknowledged_at_once_or_none(silent: "Towns") -> None:
    with silent.client("operator", ["harbour"]) as client, silent.client("admin") as admin:
        own = [one["alarm_id"] for one in client.get("/alarms").json()["items"]]
        (foreign,) = [one["alarm_id"] for one in admin.get("/alarms", params={"city": "island"}).json()["items"]]
        refused = client.post("/alarms/acknowledge", json={"alarms": [*own, foreign]})
        assert (refused.status_code, refused.json()["detail"]) == (404, f"there is no alarm {foreign}")
        assert client.get("/alarms", params={"state": "acknowledged"}).json()["items"] == []
        done = client.post("/alarms/acknowledge", json={"alarms": own, "comment": "the mast is down"}).json()["items"]
        notes = client.get(f"/alarms/{own[0]}/notes").json()["items"]
        assert client.post("/alarms/acknowledge", json={"alarms": []}).status_code == 422
    assert {one["acknowledged_by"] for one in done} == {"operator-1"}
    assert [(one["action"], one["by"], one["text"]) for one in notes] == [
        ("acknowledged", "operator-1", "the mast is down")
    ]


def test_a_shelved_alarm_is_out_of_sight_with_a_reason_until_its_time_and_then_back(silent: "Towns") -> None:
    with silent.client("operator", ["harbour"]) as client:
        one, other = (alarm["alarm_id"] for alarm in client.get("/alarms").json()["items"])
        shelf = {"alarms": [one], "reason": "meter is being replaced"}
        tomorrow, past, late = "2026-04-11T12:00:00Z", "2026-04-10T11:00:00Z", "2026-08-01T00:00:00Z"
        refused = [client.post("/alarms/shelve", json=shelf | {"until": until}) for until in (past, late)]
        assert [(answer.status_code, answer.json()["errors"][0]["field"]) for answer in refused] == [(422, "until")] * 2
        (shelved,) = client.post("/alarms/shelve", json=shelf | {"until": tomorrow}).json()["items"]
        found = {state: listed(client, state) for state in ("standing", "unacknowledged", "shelved", "cleared")}
        silent.now += 24 * HOUR
        back = client.get(f"/alarms/{one}").json()
        assert listed(client, "standing") == {one, other}
    assert (shelved["shelved_until"], shelved["shelved_by"]) == (tomorrow, "operator-1")
    assert shelved["shelf_reason"] == "meter is being replaced"
    assert found == {"standing": {other}, "unacknowledged": {other}, "shelved": {one}, "cleared": set()}
    assert (back["shelved_until"], back["shelf_reason"]) == (None, None)


def test_an_alarm_is_taken_off_the_shelf_and_all_of_it_stays_in_its_notes(silent: "Towns") -> None:
    with silent.client("operator", ["harbour"]) as client:
        number = client.get("/alarms").json()["items"][0]["alarm_id"]
        named = {"alarms": [number]}
        client.post("/alarms/comment", json=named | {"text": "called the caretaker"})
        client.post("/alarms/shelve", json=named | {"until": "2026-04-12T00:00:00Z", "reason": "building works"})
        client.post("/alarms/unshelve", json=named)
        client.post("/alarms/unshelve", json=named)
        first = client.get(f"/alarms/{number}/notes", params={"limit": 2}).json()
        rest = client.get(f"/alarms/{number}/notes", params={"cursor": first["next_cursor"]}).json()
        assert listed(client, "shelved") == set()
        assert client.post("/alarms/comment", json=named | {"text": "  "}).status_code == 422
    told = [(one["action"], one["text"]) for one in (*first["items"], *rest["items"])]
    assert told == [("commented", "called the caretaker"), ("shelved", "building works"), ("unshelved", None)]
    assert rest["next_cursor"] is None


def test_alarms_are_found_by_severity_vertical_site_and_state(silent: "Towns") -> None:
    with silent.client("operator") as client:

        def found(**query: str | list[str]) -> int:
            return len(client.get("/alarms", params=query).json()["items"])

        assert found(severity=["minor", "critical"]) == found(vertical="district_heating") == 3
        assert (found(severity="major"), found(site="shed"), found(state="cleared")) == (0, 1, 0)
        assert client.get("/alarms", params={"state": "asleep"}).status_code == 422


def test_an_alarm_tells_what_to_do_and_which_figures_of_today_it_touches(april: "Towns") -> None:
    watcher = Watcher(april.connection)
    for now in range(april.now + HOUR - 6 * MINUTE, april.now + HOUR + 1, 30 * SECOND):
        watcher.step(now + 12 * HOUR)
    with april.client("operator", ["harbour"]) as client:
        alarm = client.get("/alarms", params={"device": "meter"}).json()["items"][0]
        known = client.get(f"/alarms/{alarm['alarm_id']}").json()
        touched = client.get(f"/alarms/{alarm['alarm_id']}/figures").json()["items"]
        part = client.get(f"/alarms/{alarm['alarm_id']}/figures", params={"limit": 1}).json()
        spare = client.get("/alarms", params={"device": "spare"}).json()["items"][0]["alarm_id"]
        assert client.get(f"/alarms/{spare}/figures").json()["items"] == []
    assert known["remedy"] == ALARM_RULES["silence"].remedy
    assert ("heat_delivered", None, "day", 1) in {(t["kpi"], t["site"], t["period"], t["devices"]) for t in touched}
    assert {one["period_start"] for one in touched} == {"2026-04-09T22:00:00Z", "2026-03-31T22:00:00Z"}
    assert (part["items"], part["next_cursor"] is None) == (touched[:1], False)


def listed(client: httpx.Client, state: str) -> set[int]:
    """Return the numbers of alarms in a state."""
    return {one["alarm_id"] for one in client.get("/alarms", params={"state": state}).json()["items"]}


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
