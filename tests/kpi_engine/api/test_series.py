"""Series and observations: half-open ranges, and cursors that hold while data change."""

from typing import TYPE_CHECKING

import pytest

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
        "value": 0.0,
        "quality": "measured",
        "received_at": "2026-04-09T00:00:00Z",
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


def test_an_exact_last_page_ends_the_list(towns: "Towns", admin: "httpx.Client") -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-04-09T00:00:00Z", 23)
    page = admin.get(f"/series/{series}/observations", params={**DAY, "limit": "24"}).json()
    assert (len(page["items"]), page["next_cursor"]) == (24, None)


def test_series_say_what_they_measure(towns: "Towns", admin: "httpx.Client") -> None:
    found = admin.get("/series", params={"city": "harbour", "quantity": "heat_energy"}).json()["items"]
    assert found == [admin.get(f"/series/{towns.series('harbour', 'meter', 'heat_energy')}").json()]
    assert found[0]["kind"] == "register"
    assert found[0]["unit"] == "kWh"
    assert found[0]["expected_interval_s"] == 3600.0
