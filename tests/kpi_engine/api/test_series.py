"""Series and observations: half-open ranges, and cursors that hold while data change."""

import contextlib
import json
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import MINUTE
from kpi_engine.api.cursors import Paging
from kpi_engine.api.errors import InvalidRequestError

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

DAY = {"from": "2026-04-09T00:00:00Z", "to": "2026-04-10T00:00:00Z"}


def test_a_range_includes_its_start_and_excludes_its_end(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-04-09T00:00:00Z", 24)
    page = admin.get(f"/series/{series}/observations", params=DAY).json()
    assert len(page["items"]) == 24
    assert page["items"][0] == {
        "time": "2026-04-09T00:00:00Z",
        "begin": None,  # of no interval
        "value": 0.0,
        "state": None,
        "quality": "measured",
        "received_at": "2026-04-09T00:00:00Z",
        "flags": [],
        "rejected": False,
    }
    assert page["next_cursor"] is None


def test_a_cursor_neither_repeats_nor_skips_while_readings_arrive(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-04-09T00:00:00Z", 23)
    seen, cursor = [], None
    while True:
        asked = {**DAY, "limit": "5", **({"cursor": cursor} if cursor else {})}
        page = admin.get(f"/series/{series}/observations", params=asked).json()
        seen += [item["time"] for item in page["items"]]
        towns.read(series, {f"2026-04-09T00:{len(seen):02}:30Z": 0.5})  # behind the cursor: must not shift the pages
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"2026-04-09T{hour:02}:00:00Z" for hour in range(24)]


def test_a_cursor_of_another_series_or_range_is_refused(towns: "Towns", admin: "httpx.Client") -> None:
    energy, temperature = (towns.series("harbour", "meter", name) for name in ("heat_energy", "return_temperature"))
    towns.count(energy, "2026-04-09T00:00:00Z", 23)
    first = admin.get(f"/series/{energy}/observations", params={**DAY, "limit": "5"}).json()
    asked = {**DAY, "cursor": first["next_cursor"]}
    foreign = [
        admin.get(f"/series/{temperature}/observations", params=asked),
        admin.get(f"/series/{energy}/observations", params={**asked, "to": "2026-04-11T00:00:00Z"}),
        admin.get(f"/series/{energy}/observations", params={"cursor": first["next_cursor"]}),
    ]
    assert [answer.status_code for answer in foreign] == [422, 422, 422]
    assert {answer.json()["errors"][0]["field"] for answer in foreign} == {"cursor"}
    same = {**asked, "from": "2026-04-09T02:00:00+02:00"}
    assert len(admin.get(f"/series/{energy}/observations", params=same).json()["items"]) == 19


def test_a_cursor_without_a_range_goes_on_while_time_does(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-04-10T00:00:00Z", 11)
    first = admin.get(f"/series/{series}/observations", params={"limit": "5"}).json()
    towns.now += MINUTE
    rest = admin.get(f"/series/{series}/observations", params={"cursor": first["next_cursor"]}).json()
    assert [len(first["items"]), len(rest["items"])] == [5, 7]


JSON = st.recursive(st.none() | st.integers() | st.floats() | st.text(), st.lists)
DISGUISED = JSON.map(lambda value: urlsafe_b64encode(json.dumps(value).encode()).decode())


@given(st.text() | DISGUISED)
def test_whatever_is_given_as_a_cursor_is_one_or_is_refused(text: str) -> None:
    with contextlib.suppress(InvalidRequestError):
        assert isinstance(Paging((1, None, None)).after(text), datetime)


def test_an_exact_last_page_ends_the_list(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-04-09T00:00:00Z", 23)
    page = admin.get(f"/series/{series}/observations", params={**DAY, "limit": "24"}).json()
    assert (len(page["items"]), page["next_cursor"]) == (24, None)


def test_series_are_filtered_by_city_site_vertical_and_quantity(admin: "httpx.Client") -> None:
    def found(**filters: str) -> list[str]:
        return [f"{one['city']}/{one['quantity']}" for one in admin.get("/series", params=filters).json()["items"]]

    assert found(city="island") == ["island/heat_energy"]
    assert found(site="shed") == ["harbour/heat_power"]
    assert found(quantity="heat_energy") == ["harbour/heat_energy", "island/heat_energy"]
    assert len(found(vertical="district_heating")) == 4
    assert found(vertical="ev_charging") == []


def test_series_say_what_they_measure(towns: "Towns", admin: "httpx.Client") -> None:
    found = admin.get("/series", params={"city": "harbour", "quantity": "heat_energy"}).json()["items"]
    assert found == [admin.get(f"/series/{towns.series('harbour', 'meter', 'heat_energy')}").json()]
    assert found[0]["kind"] == "register"
    assert found[0]["unit"] == "kWh"
    assert found[0]["expected_interval_s"] == 3600.0
