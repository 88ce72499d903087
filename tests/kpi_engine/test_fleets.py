"""Meters of a city that come, stop and lag: which ones a figure is about, and what it makes of those it cannot know."""

from typing import TYPE_CHECKING

import pytest

from ingest.model.city.assets import City
from ingest.model.city.missing import Missing
from ingest.model.time import MINUTE
from kpi_engine.subjects import subject_index
from processors.storage.registry.registry import sync

if TYPE_CHECKING:
    from kpi_engine.figures.store import StoredFigure
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered", "heat_emissions")

MARCH = 743  # hours of March 2026 in Copenhagen


def march(district: "District", kpi: str = "heat_delivered") -> "StoredFigure":
    found = district.value(kpi, None, "month", "2026-03-01T00:00")
    assert found is not None
    return found


def declare(district: "District", rule: Missing) -> None:
    """Change what the city file says of missing meters, a minute later."""
    city: City = next(iter(subject_index.load(district.connection).subjects.values())).city
    district.now += MINUTE
    sync(district.connection, [city.model_copy(update={"missing": rule})])
    district.connection.commit()
    district.settle()


@pytest.fixture
def silent_in_march(district: "District") -> "District":
    """Return the district where a counts 2 kWh an hour all the time, and b stopped at the end of February at 1."""
    district.counts("meter-a", "heat_energy", "2026-02-01T00:00", "2026-04-10T00:00", 2.0)
    district.counts("meter-b", "heat_energy", "2026-02-01T00:00", "2026-03-01T00:00", 1.0)
    district.settle()
    return district


def little_is_unknown(district: "District") -> None:
    """Let a meter that counts a fortieth of the other one fall silent before March."""
    district.counts("meter-a", "heat_energy", "2026-02-01T00:00", "2026-04-10T00:00", 2.0)
    district.counts("meter-b", "heat_energy", "2026-02-01T00:00", "2026-03-01T00:00", 0.05)
    district.settle()


def test_a_meter_that_was_never_read_neither_counts_nor_takes_a_figure_away_and_is_named(district: "District") -> None:
    district.counts("meter-a", "heat_energy", "2026-02-01T00:00", "2026-04-10T00:00", 2.0)
    district.settle()

    found = march(district)
    assert (found.value, found.lower, found.upper) == (2.0 * MARCH, 2.0 * MARCH, 2.0 * MARCH)
    assert (found.status, found.reason) == ("final", "registered and not read yet: meter-b")
    assert march(district, "heat_emissions").value == pytest.approx(2.0 * MARCH * 0.5)


def test_a_meter_counts_from_its_first_reading_on(district: "District") -> None:
    district.counts("meter-a", "heat_energy", "2026-02-01T00:00", "2026-04-10T00:00", 2.0)
    district.counts("meter-b", "heat_energy", "2026-03-31T12:00", "2026-04-10T00:00", 0.05)
    district.settle()

    assert march(district).value == pytest.approx(2.0 * MARCH + 0.05 * 12)
    assert march(district).upper == pytest.approx(2.0 * MARCH + 0.05 * 12 + 0.1 * 731), "it may have run before"
    assert "the first is 2026-03-31T10:00:00Z" in str(march(district).reason)


def test_a_missing_meter_takes_its_share_of_what_the_others_counted(silent_in_march: "District") -> None:
    """It counted half of what the other did in the 28 days before; at most twice its fastest hour, all the time."""
    found = march(silent_in_march)

    assert (found.lower, found.upper) == (2.0 * MARCH, 2.0 * MARCH + 2.0 * MARCH)
    assert (found.value, found.status) == (None, "insufficient"), "half of the city's heat is too much to guess"
    assert str(found.reason).endswith("it takes its share of what the others counted")


def test_a_small_meter_that_is_missing_leaves_a_figure_with_its_share(district: "District") -> None:
    little_is_unknown(district)

    found = march(district)
    assert found.value == pytest.approx(2.05 * MARCH)
    assert found.lower == pytest.approx(2.0 * MARCH)
    assert found.upper == pytest.approx(2.1 * MARCH)
    assert found.status == "final"


def test_a_city_may_refuse_figures_without_a_meter(district: "District") -> None:
    little_is_unknown(district)
    declare(district, Missing.REFUSE)

    found = march(district)
    assert (found.value, found.status) == (None, "insufficient")
    assert found.upper == pytest.approx(2.1 * MARCH)


def test_a_city_may_leave_out_a_meter_that_is_worth_little_and_names_it(district: "District") -> None:
    little_is_unknown(district)
    declare(district, Missing.EXCLUDE)

    found = march(district)
    assert (found.value, found.status) == (2.0 * MARCH, "final")
    assert found.reason == "left out, since they were not read: meter-b"


def test_a_meter_that_is_worth_much_cannot_be_left_out(silent_in_march: "District") -> None:
    declare(silent_in_march, Missing.EXCLUDE)

    assert march(silent_in_march).value is None
