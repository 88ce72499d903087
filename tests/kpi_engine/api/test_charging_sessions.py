"""Charging sessions over HTTP: records as they are, others assembled from readings, each with its flags."""

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from ingest.history.session_rows import FoundSession, ResolvedSessions
from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.observation import ObservationBatch, RawMessage, Resolved
from ingest.model.session import Session
from ingest.model.time import MINUTE, to_micros
from processors.storage.readings.sink import Sink
from processors.storage.registry import registry
from processors.storage.sessions.sink import SessionSink
from tests.towns import charging_point, fact, meter, sending, town

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

RECORDS: Final = sending("electricity_energy", kind="session")
CITY: Final = town(
    charging_point(RECORDS, site="garage"),
    meter("charging_installation", RECORDS, name="several", site="garage"),
    charging_point("electricity_energy", "plugged_in", name="read", site="street"),
    name="garage-town",
    zone="Europe/Oslo",
    sites={"street": {"facts": [fact("rated_power", 22, "kW")]}},
)
DAY: Final = {"from": "2026-04-09T00:00:00Z", "to": "2026-04-10T00:00:00Z"}
NOON: Final = to_micros(datetime.fromisoformat("2026-04-09T12:00:00Z"))


@pytest.fixture
def catalogue(towns: "Towns") -> Catalogue:
    found = registry.sync(towns.connection, [parse(CITY, "garage-town")])
    towns.connection.commit()
    return found


def record(towns: "Towns", catalogue: Catalogue, device: str, *sessions: Session) -> None:
    entry = catalogue.devices["garage-town", device]
    found = [FoundSession(entry, one, 0) for one in sessions]
    sink = SessionSink(towns.connection, catalogue, "replay:test")
    sink.write(ResolvedSessions(found, []), [RawMessage("test", b"{}", NOON)])


def report(towns: "Towns", catalogue: Catalogue, quantity: str, readings: dict[int, float]) -> None:
    """Store readings of the point that sends no records, by minutes after noon."""
    series = catalogue.devices["garage-town", "read"].series[quantity].series_id
    times = NOON + np.array(list(readings)) * MINUTE
    nothing, values = np.zeros(len(times), np.int64), np.array(list(readings.values()))
    batch = ObservationBatch(np.full(len(times), series), times, values, times, nothing, nothing)
    Sink(towns.connection, catalogue, "mqtt").write(Resolved(batch), [RawMessage("topic", b"{}", NOON)])


def sessions(client: "httpx.Client", **asked: str) -> list[dict[str, Any]]:
    answer = client.get("/sessions", params=DAY | {"city": "garage-town"} | asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def hours(name: str, begin: float, end: float | None, energy: float | None = 5.0) -> Session:
    """Return a session by hours after noon."""
    ended = None if end is None else NOON + int(end * 60) * MINUTE
    return Session(name, NOON + int(begin * 60) * MINUTE, ended, energy)


def test_a_record_is_answered_with_what_is_wrong_with_it(
    towns: "Towns", admin: "httpx.Client", catalogue: Catalogue
) -> None:
    record(towns, catalogue, "point", hours("a", 0, 1), hours("b", 0.5, 2, 0.0), hours("c", 3, None))
    a, b, c = sessions(admin)
    assert a == {
        "city": "garage-town",
        "site": "garage",
        "device": "point",
        "transaction_id": "a",
        "begin": "2026-04-09T12:00:00Z",
        "end": "2026-04-09T13:00:00Z",
        "energy_kwh": 5.0,
        "lower_kwh": 5.0,
        "upper_kwh": 5.0,
        "counted_kwh": 5.0,
        "flags": ["overlap"],
        "origin": "record",
    }
    assert b["flags"] == ["overlap", "zero_energy"]
    assert (c["end"], c["flags"]) == (None, ["missing_plug_out"])


def test_vehicles_at_several_points_do_not_overlap(towns: "Towns", admin: "httpx.Client", catalogue: Catalogue) -> None:
    record(towns, catalogue, "several", hours("a", 0, 2), hours("b", 1, 3))
    assert [one["flags"] for one in sessions(admin)] == [[], []]


def test_a_session_overlaps_one_that_is_outside_of_what_was_asked_for(
    towns: "Towns", admin: "httpx.Client", catalogue: Catalogue
) -> None:
    record(towns, catalogue, "point", hours("before", -20, 1), hours("asked", 0, 14), hours("after", 13, 15))
    assert [(one["transaction_id"], one["flags"]) for one in sessions(admin)] == [("asked", ["overlap"])]


def test_a_point_without_records_is_told_by_its_register_and_plug(
    towns: "Towns", admin: "httpx.Client", catalogue: Catalogue
) -> None:
    report(towns, catalogue, "plugged_in", {-15: 0, 0: 1, 15: 1, 30: 0, 11 * 60: 0, 11 * 60 + 45: 1, 13 * 60: 0})
    report(
        towns, catalogue, "electricity_energy", {-15: 100, 0: 101, 15: 103, 30: 104, 11 * 60 + 45: 104, 13 * 60: 110}
    )
    assert [(one["begin"], one["end"], one["energy_kwh"], one["flags"], one["origin"]) for one in sessions(admin)] == [
        ("2026-04-09T12:00:00Z", "2026-04-09T12:30:00Z", 4.0, [], "readings"),
        ("2026-04-09T23:45:00Z", "2026-04-10T01:00:00Z", 6.0, [], "readings"),
    ]


def test_what_was_asked_for_does_not_change_what_a_session_is(
    towns: "Towns", admin: "httpx.Client", catalogue: Catalogue
) -> None:
    report(towns, catalogue, "plugged_in", {minute: (minute // 30) % 2 for minute in range(0, 720, 10)})
    report(towns, catalogue, "electricity_energy", {minute: minute / 60 for minute in range(0, 720, 10)})
    whole = sessions(admin)
    assert len(whole) == 12
    edges = [*(one["begin"] for one in whole), DAY["to"]]
    assert [one for a, b in pairwise(edges) for one in sessions(admin, **{"from": a, "to": b})] == whole


def test_pages_hold_every_session_once(towns: "Towns", admin: "httpx.Client", catalogue: Catalogue) -> None:
    record(towns, catalogue, "point", *(hours(str(index), index // 2, index // 2 + 0.5) for index in range(9)))
    found, asked = [], dict(DAY) | {"city": "garage-town", "limit": "3"}
    while True:
        page = admin.get("/sessions", params=asked).json()
        found += [one["transaction_id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    assert found == [str(index) for index in range(9)]


def test_evaluators_see_no_sessions_and_nobody_those_of_other_cities(towns: "Towns", catalogue: Catalogue) -> None:
    assert "garage-town" in catalogue.cities
    with towns.client("evaluator") as evaluator:
        assert evaluator.get("/sessions").status_code == 403
    with towns.client("operator", ["harbour"]) as operator:
        assert operator.get("/sessions", params={"city": "garage-town"}).status_code == 403
        assert operator.get("/sessions").json()["items"] == []


def test_what_nobody_knows_has_bounds(towns: "Towns", admin: "httpx.Client", catalogue: Catalogue) -> None:
    record(towns, catalogue, "point", hours("closed", 0, 1, None), hours("open", 2, None, None))
    report(towns, catalogue, "plugged_in", {-15: 0, 0: 1, 15: 1, 30: 1, 45: 0})
    # At 30 it goes on from an older value: 5 and 0.5 kWh were counted, and what 22 kW, a tenth and a minute allow.
    report(towns, catalogue, "electricity_energy", {-15: 1000, 0: 1000, 15: 1005, 30: 900, 45: 900.5})
    found = {one["transaction_id"]: (one["energy_kwh"], one["lower_kwh"], one["upper_kwh"]) for one in sessions(admin)}
    assert found == {
        "closed": (None, 0.0, pytest.approx(500.0 * (1 + 1 / 60))),
        "open": (None, 0.0, None),
        "2026-04-09T12:00:00Z": (None, 5.5, pytest.approx(5.5 + 24.2 * 16 / 60)),
    }


def test_years_of_readings_are_not_assembled_at_once(admin: "httpx.Client", catalogue: Catalogue) -> None:
    assert catalogue.devices
    answer = admin.get("/sessions", params=DAY | {"from": "2025-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "from")
