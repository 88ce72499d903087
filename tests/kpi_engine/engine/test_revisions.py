"""Late and corrected data on a real database: exactly what is affected, and what was known at any instant."""

from typing import TYPE_CHECKING

import pytest

from ingest.model.time import HOUR, MINUTE, SECOND
from kpi_engine.engine.extents import request
from kpi_engine.figures import store
from kpi_engine.subjects import subject_index
from processors.storage.registry.registry import sync
from tests.kpi_engine.conftest import at, fill

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration


def test_late_data_recompute_the_affected_figures_and_no_other(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 3.0)
    done = district.settle()

    affected = {
        (kpi, site) for kpi in ("heat_delivered", "heat_emissions", "heat_emissions_hourly") for site in ("a", None)
    }
    # the city's temperature says what share of the energy those are whose temperature is not known
    affected |= {("city_final_energy", None), ("city_emissions", None), ("heat_supply_temperature", None)}
    periods = {("day", "2026-03-10"), ("month", "2026-03-01"), ("year", "2026-01-01")}
    assert district.recomputed(district.now) == {
        (kpi, site, period, day, "late data") for kpi, site in affected for period, day in periods
    }
    assert (done.recomputed, done.changed) == (27, 27), "the bounds of the year move, though it has no value"


def test_a_late_factor_changes_hourly_emissions_and_no_energy(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    district.gauges("plant", "heat_emission_factor", "2026-03-10T05:00", "2026-03-10T06:00", 0.6)
    district.settle()

    assert {kpi for kpi, *_ in district.recomputed(district.now)} == {"heat_emissions_hourly"}
    day = district.value("heat_emissions_hourly", "a", "day", "2026-03-10T00:00")
    assert day is not None
    assert day.value == pytest.approx(2.0 * (23 * 0.3 + 0.6))


def test_a_missing_factor_leaves_the_energy_and_is_substituted_in_the_emissions(district: "District") -> None:
    fill(district)
    district.forget("plant", "heat_emission_factor", "2026-03-10T05:00")
    district.settle()

    energy = district.value("heat_delivered", "a", "day", "2026-03-10T00:00")
    emissions = district.value("heat_emissions_hourly", "a", "day", "2026-03-10T00:00")
    assert energy is not None
    assert emissions is not None
    assert (energy.value, energy.status) == (48.0, "final")
    assert emissions.value == pytest.approx(48.0 * 0.3), "all other hours have 0.3, so this one had as well"
    assert emissions.coverage == pytest.approx(23 / 24)
    assert str(emissions.reason).startswith("1 of 24 hours have energy but no factor that is known for 90% of the hour")


def test_the_same_data_again_are_no_new_revision(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 2.0)
    done = district.settle()

    assert (done.recomputed, done.changed) == (27, 0)
    day = district.value("heat_delivered", "a", "day", "2026-03-10T00:00")
    assert day is not None
    assert day.revision == 1


def test_null_then_a_value_then_a_correction_are_three_revisions_each_known_at_its_time(district: "District") -> None:
    fill(district, end="2026-04-08T12:00")
    silent = district.now
    district.now = silent + HOUR
    district.counts("meter-a", "heat_energy", "2026-04-08T12:00", "2026-04-10T01:00", 2.0)
    district.settle()
    filled = district.now
    district.now = filled + HOUR
    district.counts("meter-a", "heat_energy", "2026-04-08T12:00", "2026-04-08T13:00", 4.0)
    district.settle()

    def known(at: int | None) -> tuple[int, float | None]:
        found = district.value("heat_delivered", "a", "day", "2026-04-08T00:00", at)
        assert found is not None
        return found.revision, found.value

    assert known(silent) == known(filled - SECOND) == (1, None)
    assert known(filled) == known(district.now - SECOND) == (2, 48.0)
    assert known(district.now) == known(None) == (3, 50.0)
    assert district.value("heat_delivered", "a", "day", "2026-04-08T00:00", silent - SECOND) is None


def test_another_factor_in_the_city_file_is_taken_up_at_once(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    city = next(iter(subject_index.load(district.connection).subjects.values())).city
    sync(district.connection, [city.model_copy(update={"factors": {}})])
    district.connection.commit()
    district.settle()

    emissions = district.value("heat_emissions", "a", "month", "2026-03-01T00:00")
    energy = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    assert emissions is not None
    assert energy is not None
    assert (emissions.value, emissions.revision) == (None, 2)
    assert "names no emission factor for heat" in str(emissions.reason)
    assert energy.revision == 1, "recomputed, but not changed"
    causes = {cause for *_, cause in district.recomputed(district.now)}
    assert causes == {"definition changed"}


def test_a_figure_can_be_asked_for_and_is_recorded_as_requested(district: "District") -> None:
    fill(district)
    district.now += MINUTE
    subjects = subject_index.load(district.connection).select("town", "a")
    span = (at("2026-03-10T00:00"), at("2026-03-11T00:00"))
    asked = request(district.connection, subjects, "heat_delivered", span, district.now)
    district.connection.commit()
    done = district.settle()

    assert (asked, done.recomputed, done.changed) == (3, 3, 0)
    assert {cause for *_, cause in district.recomputed(district.now)} == {"requested"}


def test_a_meter_that_gets_another_name_keeps_its_figures_and_what_was_stored_with_them(district: "District") -> None:
    fill(district)
    before = district.value("heat_delivered", "a", "day", "2026-03-10T00:00")
    district.now += MINUTE
    city = next(iter(subject_index.load(district.connection).subjects.values())).city
    renamed = [
        one.model_copy(update={"name": "meter-east", "native_id": one.address}) if one.name == "meter-a" else one
        for one in city.devices
    ]
    sync(district.connection, [city.model_copy(update={"devices": tuple(renamed)})])
    district.connection.commit()
    district.settle()

    after = district.value("heat_delivered", "a", "day", "2026-03-10T00:00")
    assert before is not None
    assert after is not None
    assert (after.value, after.status) == (before.value, before.status) == (48.0, "final")
    stored = store.lineage(district.connection, before.value_id)
    assert stored is not None
    assert "meter-a" in str(stored.inputs)
