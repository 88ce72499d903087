"""A town with charging, lighting, buildings and heat in the database: every indicator, and nothing counted twice."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ingest.model.city.assets import City, Fact
from ingest.model.time import MINUTE
from kpi_engine.figures import store
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects import subject_index
from processors.storage.registry.registry import sync
from tests.computed import few_indicators

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

PER_HOUR = {"main": 10.0, "kitchen": 3.0, "roof": 4.0, "cp-1": 1.0, "cp-2": 2.0, "cabinet": 5.0, "lamp": 0.25}
HOURS = 743  # of March 2026 in Copenhagen


def after_march(town: "District") -> "District":
    """Return a town after a steady March 2026, settled."""
    start, end = "2026-03-01T00:00", "2026-04-01T00:00"
    for device, energy in PER_HOUR.items():
        town.counts(device, "electricity_energy", start, end, energy)
    town.counts("radiators", "heat_energy", start, end, 20.0)
    town.counts("cp-1", "charging_sessions", start, end, 0.5)
    town.counts("cp-2", "charging_sessions", start, end, 0.25)
    town.counts("lamp", "burning_hours", start, end, 0.5)
    town.gauges("grid", "grid_emission_factor", start, end, 0.1)
    town.settle()
    return town


@pytest.fixture(scope="module")
def town(module_every_vertical: "District") -> "District":
    """Return a town that tests only look at."""
    return after_march(module_every_vertical)


@pytest.fixture
def own_town(every_vertical: "District") -> Iterator["District"]:
    """Return a town that a test may change, with the figures that it looks at."""
    with few_indicators(name for name in INDICATORS if name.startswith("building_")):
        yield after_march(every_vertical)


def march(town: "District", kpi: str, site: str | None = None) -> store.StoredFigure | None:
    return town.value(kpi, site, "month", "2026-03-01T00:00")


@pytest.mark.parametrize(
    ("kpi", "site", "expected"),
    [
        ("ev_charging_energy", None, 3.0 * HOURS),
        ("ev_charging_energy", "parking", 3.0 * HOURS),
        ("ev_charging_sessions", None, 0.75 * HOURS),
        ("lighting_energy_per_light_point", "street", 5.0 * HOURS / 20),
        ("lighting_burning_hours", None, 0.5 * HOURS),
        ("electricity_emissions", "school", 10.0 * HOURS * 0.2),
        ("electricity_emissions", None, 17.0 * HOURS * 0.2),
        ("electricity_emissions_hourly", None, 17.0 * HOURS * 0.1),
        ("city_final_energy", None, 37.0 * HOURS),
        ("city_emissions", None, (20.0 * 0.5 + 17.0 * 0.2) * HOURS),
    ],
)
def test_every_indicator_counts_what_its_definition_says_once(
    town: "District", kpi: str, site: str | None, expected: float
) -> None:
    found = march(town, kpi, site)

    assert found is not None
    assert found.value == pytest.approx(expected, rel=1e-12)
    assert (found.status, found.coverage) == ("final", 1.0)


def test_what_a_cabinet_counts_and_its_lamps_do_not_is_a_series_of_its_own(town: "District") -> None:
    month = march(town, "electricity_meter_balance", "street")
    day = town.value("electricity_meter_balance", "street", "day", "2026-03-29T00:00")
    assert month is not None
    assert day is not None
    assert month.value == pytest.approx(4.75 * HOURS)
    assert day.value == pytest.approx(4.75 * 23)
    assert (month.status, month.coverage, day.status) == ("final", 1.0, "final")


def test_a_roof_that_may_feed_in_behind_the_main_meter_leaves_no_balance(town: "District") -> None:
    found = march(town, "electricity_meter_balance", "school")
    assert found is not None
    assert found.value is None
    assert "roof stands at the site of main and is no submeter" in str(found.reason)


def test_an_area_that_changes_within_the_month_weighs_by_its_hours(town: "District") -> None:
    found = march(town, "building_energy_per_area", "school")

    assert found is not None
    area = (1000.0 * 240 + 1200.0 * (HOURS - 240)) / HOURS
    assert found.value == pytest.approx(30.0 * HOURS / area, rel=1e-12)


def test_inputs_of_a_figure_compute_to_the_figure(town: "District") -> None:
    for subject in subject_index.load(town.connection).subjects.values():
        for one in subject.indicators:
            value = march(town, one.name, subject.site)
            assert value is not None
            lineage = store.lineage(town.connection, value.value_id)
            assert lineage is not None
            if one.inputs_model.IS_STORED_WHOLE:
                assert one.outcome(one.inputs_model.model_validate(lineage.inputs)).value == value.value


def test_sites_have_the_indicators_that_their_devices_feed(town: "District") -> None:
    found = {
        subject.site: {i.name for i in subject.indicators}
        for subject in subject_index.load(town.connection).select("town")
    }

    electricity = {"electricity_delivered", "electricity_emissions", "electricity_emissions_hourly"}
    balanced = electricity | {"electricity_meter_balance"}
    charging = {"energy_utilisation", "peak_load", "simultaneity", "avoided_emissions", "charging_energy"}
    assert found["parking"] == {f"ev_{one}" for one in (*charging, "charging_sessions")} | electricity
    per = {f"lighting_{one}" for one in ("energy_per_light_point", "energy_per_km", "annual_energy_indicator")}
    assert found["street"] == per | {"lighting_burning_hours", "lighting_dimming_saving"} | balanced
    built = {name for name in found["school"] if name.startswith(("building_", "pv_"))}
    assert built == {
        "building_base_load",
        "building_electricity_per_area",
        "building_emissions_per_area",
        "building_energy_per_area",
        "building_heat_per_area",
        "building_load_factor",
        "building_peak_load",
        "pv_self_consumption",
        "pv_self_sufficiency",
        "pv_specific_yield",
    }
    heated = {f"heat_{one}" for one in ("delivered", "emissions", "peak_load", "load_factor")}
    supplied = {"electricity_self_supply", "electricity_maximum_hourly_deficit"}
    assert found["school"] - built == heated | balanced | supplied
    assert "surroundings" not in found


def change_area(town: "District", facts: tuple[Fact, ...]) -> None:
    """Change what the city file states of the school, a minute later."""
    city: City = next(iter(subject_index.load(town.connection).subjects.values())).city
    sites = tuple(s.model_copy(update={"facts": facts}) if s.name == "school" else s for s in city.sites)
    town.now += MINUTE
    sync(town.connection, [city.model_copy(update={"sites": sites})])
    town.connection.commit()
    town.settle()


def test_a_changed_fact_recomputes_what_it_touches_and_keeps_what_was_reported(own_town: "District") -> None:
    before, reported_at = march(own_town, "building_energy_per_area", "school"), own_town.now
    change_area(own_town, (Fact(name="floor_area", value=3000.0, unit="m2", source="s"),))

    after = march(own_town, "building_energy_per_area", "school")
    then = own_town.value("building_energy_per_area", "school", "month", "2026-03-01T00:00", reported_at)
    assert before is not None
    assert after is not None
    assert after.value == pytest.approx(30.0 * HOURS / 3000.0)
    assert after.revision == 2
    assert then is not None
    assert then.value == before.value
    assert {kpi for kpi, *_ in own_town.recomputed(own_town.now)} == {
        "building_electricity_per_area",
        "building_emissions_per_area",
        "building_energy_per_area",
        "building_heat_per_area",
    }


def test_without_the_fact_there_is_no_figure_and_a_reason(own_town: "District") -> None:
    change_area(own_town, ())

    found = march(own_town, "building_energy_per_area", "school")
    assert found is not None
    assert (found.value, found.status, found.coverage) == (None, "insufficient", 1.0)
    assert str(found.reason).startswith("school: the city file states no floor_area of this site from 2026-02-28T23:00")
