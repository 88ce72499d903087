"""Named states over HTTP: shown by their names, and in buckets as the time spent in each."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from ingest.model.city.city_file import parse
from ingest.model.observation import ObservationBatch, RawMessage, Resolved
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import SECOND
from processors.storage.readings.sink import Sink
from processors.storage.registry import registry
from tests.kpi_engine.api.conftest import HARBOUR, ISLAND, aggregates, at
from tests.towns import charging_point, sending, town

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

QUAY: Final = town(charging_point(sending("connector_status", max_gap="PT6H"), every="PT15M"), name="quay")
STATES: Final = QUANTITIES["connector_status"].states


def say(towns: "Towns", states: dict[str, str]) -> int:
    """Let the point say its states by time; return its series."""
    cities = [parse(text, "city") for text in (HARBOUR, ISLAND, QUAY)]
    catalogue = registry.sync(towns.connection, cities)
    towns.connection.commit()
    series = catalogue.devices["quay", "point"].series["connector_status"].series_id
    times = np.array([at(time) for time in states], np.int64)
    values, nothing = (
        np.array([float(STATES.index(state)) for state in states.values()]),
        np.zeros(len(times), np.int64),
    )
    batch = ObservationBatch(np.full(len(times), series), times, values, times, nothing, nothing)
    Sink(towns.connection, catalogue, "mqtt").write(Resolved(batch), [RawMessage("topic", b"{}", int(times[0]))])
    towns.settle()
    return series


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), ("2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z")],
    ids=["spring: 23 hours", "autumn: 25 hours"],
)
@pytest.mark.parametrize("interval", ["15min", "hour", "day"])
def test_states_and_what_is_unknown_fill_the_day_in_which_clocks_change(
    towns: "Towns", admin: "httpx.Client", start: str, end: str, interval: str
) -> None:
    day = start[:11]
    series = say(
        towns,
        {f"{day}23:30:00Z": "Available", f"{day}23:40:00Z": "Charging", end.replace(":00:00Z", ":30:00Z"): "Available"},
    )
    buckets = aggregates(admin, series, interval, start, end)
    charging = sum(bucket["states"]["Charging"] for bucket in buckets)
    assert charging == 6 * 3600.0
    assert sum(bucket["states"]["Available"] for bucket in buckets) == 600.0
    assert sum(bucket["unknown_s"] for bucket in buckets) == (at(end) - at(start)) / SECOND - charging - 600.0
    assert sum(bucket["count"] for bucket in buckets) == 2
    assert {(bucket["sum"], bucket["mean"]) for bucket in buckets} == {(None, None)}


def test_months_and_years_add_up_to_the_same(towns: "Towns", admin: "httpx.Client") -> None:
    series = say(towns, {"2026-03-31T21:30:00Z": "Faulted", "2026-03-31T22:45:00Z": "Available"})
    march, april = aggregates(admin, series, "month", "2026-02-28T23:00:00Z", "2026-04-30T22:00:00Z")
    [year] = aggregates(admin, series, "year", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z")
    assert (march["states"]["Faulted"], april["states"]["Faulted"]) == (1800.0, 2700.0)
    assert year["states"]["Faulted"] == 4500.0
    assert year["states"]["Faulted"] + year["unknown_s"] == 365 * 86400.0


def test_a_state_is_shown_by_its_name(towns: "Towns", admin: "httpx.Client") -> None:
    towns.now = at("2026-03-31T22:00:00Z")
    series = say(towns, {"2026-03-31T21:30:00Z": "SuspendedEV"})
    [device] = admin.get("/devices", params={"city": "quay"}).json()["items"]
    [value] = device["values"]
    assert (value["state"], value["value"], value["kind"]) == ("SuspendedEV", 4.0, "state")
    within = {"from": "2026-03-31T21:00:00Z", "to": "2026-03-31T22:00:00Z"}
    [reading] = admin.get(f"/series/{series}/observations", params=within).json()["items"]
    assert reading["state"] == "SuspendedEV"
    assert admin.get(f"/series/{series}").json()["states"] == list(STATES)
