"""What the engine computes: civil months, sums of a city, lineage, validity, and what is missing."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ingest.model.time import HOUR, from_micros
from kpi_engine.evidence.figure_digest import inputs_hash
from kpi_engine.figures import store
from kpi_engine.subjects import subject_index
from processors.storage.registry.registry import sync
from tests.kpi_engine.conftest import at, fill

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration


def test_a_month_with_a_23_hour_day_counts_its_real_hours(district: "District") -> None:
    fill(district)

    march = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    day = district.value("heat_delivered", "a", "day", "2026-03-29T00:00")
    assert march is not None
    assert day is not None
    assert (march.value, march.status, march.coverage) == (2.0 * 743, "final", 1.0)
    assert (day.value, day.period_end - day.period_start) == (46.0, from_micros(23 * HOUR) - from_micros(0))


def test_a_month_with_a_25_hour_day_counts_its_real_hours(district: "District") -> None:
    district.now = at("2026-11-02T00:00")
    fill(district, "2026-10-01T00:00", "2026-11-01T00:00")

    october = district.value("heat_emissions_hourly", "a", "month", "2026-10-01T00:00")
    assert october is not None
    assert october.value == pytest.approx(2.0 * 745 * 0.3)


def test_the_city_is_the_sum_of_its_meters_and_says_so_in_its_lineage(district: "District") -> None:
    fill(district)

    found = district.value("heat_delivered", None, "month", "2026-03-01T00:00")
    assert found is not None
    assert found.value == 2 * 2.0 * 743
    lineage = store.lineage(district.connection, found.value_id)
    assert lineage is not None
    assert [entry["meter"] for entry in lineage.inputs["energy_kwh"]] == ["meter-a", "meter-b"]
    assert inputs_hash(lineage.inputs, found.factors, found.rule_version) == found.inputs_hash
    assert store.lineage(district.connection, 0) is None


def test_temperatures_and_emissions_come_from_their_registers_and_factors(district: "District") -> None:
    fill(district)

    def value(kpi: str) -> store.StoredFigure:
        found = district.value(kpi, "a", "month", "2026-03-01T00:00")
        assert found is not None
        return found

    assert value("heat_supply_temperature").value == pytest.approx(80.0)
    assert value("heat_emissions").value == pytest.approx(2.0 * 743 * 0.5)
    (factor,) = value("heat_emissions").factors
    assert (factor["version"], factor["carrier"], factor["region"], factor["gwp"]) == ("2026", "heat", "r", "g")
    assert value("heat_emissions_hourly").value == pytest.approx(2.0 * 743 * 0.3)
    assert value("heat_emissions_hourly").factors == [{"series": "plant/heat_emission_factor"}]


def test_an_indicator_no_meter_of_a_subject_can_feed_has_no_figures(district: "District") -> None:
    fill(district)

    assert district.value("heat_supply_temperature", "b", "month", "2026-03-01T00:00") is None
    assert district.value("heat_supply_temperature", "plant", "month", "2026-03-01T00:00") is None


def test_a_register_that_is_first_read_within_a_period_counts_from_then_on_and_says_so(district: "District") -> None:
    fill(district, start="2026-03-02T05:00")

    march = district.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    assert march is not None
    # in the 29 hours before it may have counted twice as fast as in any hour since
    assert (march.value, march.lower, march.upper) == (1428.0, 1428.0, 1428.0 + 29 * 4.0)
    assert march.status == "provisional"
    assert march.reason == (
        "it can be wrong by 8.1%; a final figure by 5% at most; "
        "meter-a: no reading at or before 2026-02-28T23:00:00Z; the first is 2026-03-02T04:00:00Z"
    )


def test_a_meter_counts_only_within_its_validity(district: "District") -> None:
    city = next(iter(subject_index.load(district.connection).subjects.values())).city
    devices = [
        device.model_copy(update={"valid_from": datetime(2026, 3, 20, tzinfo=UTC).date()})
        if device.name == "meter-b"
        else device
        for device in city.devices
    ]
    sync(district.connection, [city.model_copy(update={"devices": tuple(devices)})])
    district.connection.commit()
    district.counts("meter-a", "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    district.counts("meter-b", "heat_energy", "2026-03-20T00:00", "2026-04-10T00:00", 2.0)
    district.settle()

    found = district.value("heat_delivered", None, "month", "2026-03-01T00:00")
    assert found is not None
    assert (found.value, found.status) == (2.0 * 743 + 2.0 * (12 * 24 - 1), "final")
