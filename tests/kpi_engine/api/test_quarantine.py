"""Refused messages over HTTP: found, shown, and asked to be taken once more, by those who may."""

from typing import TYPE_CHECKING

import httpx
import pytest

from processors.storage.readings import replay_requests
from tests.kpi_engine.api.conftest import listed

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


@pytest.fixture
def refused(towns: "Towns") -> "Towns":
    """Return the towns after some messages were refused."""
    towns.refuse("bad_time", "meter", "2026-04-10T10:00:00Z")
    towns.refuse("implausible", "meter", "2026-04-10T11:00:00Z")
    towns.refuse("bad_topic", None, "2026-04-10T11:30:00Z", city=None)
    return towns


def test_refused_messages_are_found_by_device_reason_and_time(refused: "Towns", admin: httpx.Client) -> None:
    del refused
    found = {
        "all": listed(admin, "/quarantine"),
        "device": listed(admin, "/quarantine", city="harbour", device="meter"),
        "reason": listed(admin, "/quarantine", reason="bad_time"),
        "time": listed(admin, "/quarantine", **{"from": "2026-04-10T11:00:00Z", "to": "2026-04-10T11:30:00Z"}),
    }
    assert {name: [one["reason"] for one in items] for name, items in found.items()} == {
        "all": ["bad_topic", "implausible", "bad_time"],
        "device": ["implausible", "bad_time"],
        "reason": ["bad_time"],
        "time": ["implausible"],
    }


def test_a_cursor_goes_on_behind_what_was_read_and_belongs_to_its_query(refused: "Towns", admin: httpx.Client) -> None:
    del refused
    reasons, cursor = [], None
    while True:
        page = admin.get("/quarantine", params={"limit": 1} | ({"cursor": cursor} if cursor else {})).json()
        reasons += [one["reason"] for one in page["items"]]
        cursor = page["next_cursor"] or cursor
        if page["next_cursor"] is None:
            break
    assert reasons == ["bad_topic", "implausible", "bad_time"]
    assert admin.get("/quarantine", params={"cursor": cursor, "reason": "bad_time"}).status_code == 422


def test_one_message_is_shown_to_those_who_may_see_it(refused: "Towns", admin: httpx.Client) -> None:
    stranger, known = (one["quarantine_id"] for one in listed(admin, "/quarantine")[:2])
    assert admin.get(f"/quarantine/{known}").json()["reason"] == "implausible"
    with refused.client("operator", ["harbour"]) as limited:
        assert [limited.get(f"/quarantine/{one}").status_code for one in (known, stranger)] == [200, 404]


def test_what_is_to_be_taken_once_more_is_noted_for_those_who_store(refused: "Towns", admin: httpx.Client) -> None:
    number = listed(admin, "/quarantine")[1]["quarantine_id"]
    with refused.client("operator", ["harbour"]) as operator:
        one = operator.post(f"/quarantine/{number}/replay")
        many = operator.post("/quarantine/replay", json={"reason": "bad_time", "from": "2026-04-10T09:00:00Z"})
        shown = operator.get(f"/quarantine/replays/{one.json()['replay_id']}")
        refusals = [operator.post("/quarantine/replay", json={"cty": "harbour"}).status_code]
    assert (one.status_code, many.status_code, shown.status_code, refusals) == (202, 202, 200, [422])
    assert (shown.json()["asked_by"], shown.json()["finished_at"]) == ("operator-2", None)
    first = replay_requests.begin(refused.connection)
    assert first is not None
    assert (first.wanted.quarantine_id, first.wanted.cities) == (number, ["harbour"])
    replay_requests.finish(refused.connection, first.replay_id)
    second = replay_requests.begin(refused.connection)
    assert second is not None
    assert (second.wanted.reason, second.wanted.cities) == ("bad_time", ["harbour"])
    refused.connection.commit()


def test_who_may_not_mend_may_not_ask(refused: "Towns") -> None:
    asked = {}
    for role in ("operator", "integrator", "evaluator", "admin"):
        with refused.client(role) as client:
            asked[role] = client.post("/quarantine/replay", json={}).status_code
    assert asked == {"operator": 202, "integrator": 403, "evaluator": 403, "admin": 202}
