"""Devices: the state says what may be shown as live."""

from typing import TYPE_CHECKING

import pytest

from ingest.model.time import HOUR
from kpi_engine.api.devices import Device
from kpi_engine.api.representation import Page
from processors.storage.registry import registry

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


def states(client: "httpx.Client", **filters: str) -> dict[str, str]:
    found = client.get("/devices", params=filters).json()["items"]
    return {f"{device['city']}/{device['name']}": device["state"] for device in found}


def test_every_state_is_told_by_the_newest_observation(towns: "Towns", admin: "httpx.Client") -> None:
    towns.read(towns.series("harbour", "meter", "heat_energy"), {"2026-04-10T11:30:00Z": 5.0})
    towns.read(towns.series("harbour", "spare", "heat_power"), {"2026-04-10T11:00:00Z": 2.0})
    assert states(admin) == {"harbour/meter": "live", "harbour/spare": "stale", "island/meter": "silent"}

    towns.read(towns.series("island", "meter", "heat_energy"), {"2026-04-01T00:00:00Z": 1.0}, "2026-04-10T11:59:00Z")
    towns.refuse("clock_too_late", "spare", "2026-04-10T11:59:00Z")
    assert states(admin) == {"harbour/meter": "live", "harbour/spare": "clock_wrong", "island/meter": "late"}

    towns.now += 12 * HOUR
    assert states(admin) == {"harbour/meter": "silent", "harbour/spare": "silent", "island/meter": "silent"}


def test_a_clock_that_is_right_again_is_forgiven(towns: "Towns", admin: "httpx.Client") -> None:
    towns.refuse("clock_too_late", "spare", "2026-04-10T11:50:00Z")
    towns.read(towns.series("harbour", "spare", "heat_power"), {"2026-04-10T11:55:00Z": 2.0})
    assert states(admin, city="harbour")["harbour/spare"] == "live"


def test_devices_can_be_filtered(towns: "Towns", admin: "httpx.Client") -> None:
    towns.read(towns.series("harbour", "meter", "heat_energy"), {"2026-04-10T11:30:00Z": 5.0})
    assert states(admin, state="live") == {"harbour/meter": "live"}
    assert states(admin, site="shed") == {"harbour/spare": "silent"}
    assert states(admin, vertical="street_lighting") == {}
    assert states(admin, quantity="heat_power") == {"harbour/spare": "silent"}


def test_a_filter_by_quantity_leaves_a_device_its_other_values(admin: "httpx.Client") -> None:
    [meter] = admin.get("/devices", params={"quantity": "return_temperature"}).json()["items"]
    assert [value["quantity"] for value in meter["values"]] == ["heat_energy", "return_temperature"]


def test_cities_say_how_many_of_their_devices_are_live(towns: "Towns", admin: "httpx.Client") -> None:
    towns.read(towns.series("harbour", "meter", "heat_energy"), {"2026-04-10T11:30:00Z": 5.0})
    found = {city["name"]: (city["live"], city["devices"]) for city in admin.get("/cities").json()["items"]}
    assert found == {"harbour": (1, 2), "island": (0, 1)}


def test_verticals_say_what_their_devices_report(admin: "httpx.Client") -> None:
    found = {one["name"]: one for one in admin.get("/verticals").json()["items"]}
    kinds = {kind["name"]: kind["quantities"] for kind in found["district_heating"]["device_types"]}
    assert found["district_heating"]["title"] == "District heating"
    assert {"name": "heat_energy", "title": "Heat energy", "unit": "kWh"} in kinds["heat_meter"]


def test_sites_are_filtered_by_vertical(admin: "httpx.Client") -> None:
    found = [
        admin.get("/cities/harbour/sites", params={"vertical": name}).json()["items"]
        for name in ("district_heating", "buildings")
    ]
    assert [[site["name"] for site in sites] for sites in found] == [["house", "shed"], []]


def test_a_value_that_was_never_read_is_null_and_never_zero(towns: "Towns", admin: "httpx.Client") -> None:
    towns.read(towns.series("harbour", "meter", "heat_energy"), {"2026-04-10T11:30:00Z": 5.0})
    [meter] = admin.get("/devices", params={"site": "house"}).json()["items"]
    values = {value["quantity"]: (value["value"], value["time"], value["unit"]) for value in meter["values"]}
    assert values == {
        "heat_energy": (5.0, "2026-04-10T11:30:00Z", "kWh"),
        "return_temperature": (None, None, "degC"),
    }
    assert meter["age_s"] == 1800.0


def test_a_device_that_left_its_city_file_is_not_listed(towns: "Towns", admin: "httpx.Client") -> None:
    city = towns.catalogue.cities["harbour"]
    left = city.model_copy(update={"devices": city.devices[:1]})
    registry.sync(towns.connection, [left])
    towns.connection.commit()
    assert states(admin, city="harbour").keys() == {"harbour/meter"}


def test_devices_are_answered_as_they_are_described_to_the_last_byte(towns: "Towns", admin: "httpx.Client") -> None:
    towns.read(towns.series("harbour", "meter", "heat_energy"), {"2026-04-10T11:30:00.25Z": 5e-7})
    answer = admin.get("/devices", params={"limit": 2})
    page = Page[Device].model_validate_json(answer.content)
    assert len(page.items) == 2
    assert page.next_cursor is not None
    assert answer.text == page.model_dump_json()
