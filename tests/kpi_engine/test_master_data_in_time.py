"""Master data that change on a day: figures of before stay what they were, and what was reported can be read again."""

from typing import TYPE_CHECKING, Any

import pytest

from ingest.model.city.assets import City
from ingest.model.time import MINUTE, SECOND
from kpi_engine.subjects import subject_index
from processors.storage.registry.registry import sync

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered", "heat_emissions")


def settled(district: "District") -> None:
    """Both meters count 2 kWh an hour in March and the first days of April."""
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    district.settle()


def apply(district: "District", **said: Any) -> None:  # noqa: ANN401 - as a file would
    """Apply the city file with something else in it, a minute later; ``submeter_of`` is said of meter-b."""
    city = next(iter(subject_index.load(district.connection).subjects.values())).city
    document = city.model_dump(mode="json")
    above = said.pop("submeter_of", None)
    for device in document["devices"]:
        if device["name"] == "meter-b":
            device["submeter_of"] = above
    district.now += MINUTE
    sync(district.connection, [City.model_validate(document | said)])
    district.connection.commit()
    district.settle()


def known(district: "District", kpi: str, period: str, start: str, as_of: int | None = None) -> tuple[object, int]:
    """Return value and revision of a figure of the city."""
    found = district.value(kpi, None, period, start, as_of)
    assert found is not None
    return found.value, found.revision


def test_a_meter_that_moves_behind_another_one_is_no_longer_counted_beside_it_from_that_day_on(
    district: "District",
) -> None:
    settled(district)
    reported = district.now
    apply(district, submeter_of=[{"meter": "meter-a", "valid_from": "2026-03-16"}])

    assert known(district, "heat_delivered", "day", "2026-03-15T00:00") == (96.0, 1)
    assert known(district, "heat_delivered", "day", "2026-03-16T00:00") == (48.0, 2)
    assert known(district, "heat_delivered", "month", "2026-03-01T00:00") == (2.0 * 743 + 2.0 * 15 * 24, 2)
    assert known(district, "heat_delivered", "month", "2026-03-01T00:00", reported) == (2 * 2.0 * 743, 1)
    assert known(district, "heat_delivered", "day", "2026-03-16T00:00", district.now - SECOND) == (96.0, 1)
    site = district.value("heat_delivered", "b", "month", "2026-03-01T00:00")
    assert site is not None
    assert (site.value, site.revision) == (2.0 * 743, 1)
    assert {(kpi, place) for kpi, place, *_ in district.recomputed(district.now)}.isdisjoint(
        {("heat_delivered", "a"), ("heat_delivered", "b")}
    )


def test_a_link_that_is_taken_back_leaves_the_figures_as_they_were_with_a_third_revision(district: "District") -> None:
    settled(district)
    apply(district, submeter_of="meter-a")
    apply(district)

    assert known(district, "heat_delivered", "month", "2026-03-01T00:00") == (2 * 2.0 * 743, 3)


def test_a_factor_that_the_city_chooses_from_a_day_on_holds_from_then_on(district: "District") -> None:
    settled(district)
    before = known(district, "heat_emissions", "day", "2026-03-10T00:00")
    apply(
        district,
        factors={
            "heat": [{"factor": "test", "valid_to": "2026-03-16"}, {"factor": "other", "valid_from": "2026-03-16"}]
        },
    )
    month = district.value("heat_emissions", None, "month", "2026-03-01T00:00")

    assert known(district, "heat_emissions", "day", "2026-03-10T00:00") == before == (48.0, 1)
    assert known(district, "heat_emissions", "day", "2026-03-16T00:00") == (None, 2)
    assert month is not None
    assert "no version of factor other is valid from 2026-03-15T23:00:00Z" in str(month.reason)
    assert known(district, "heat_delivered", "month", "2026-03-01T00:00") == (2 * 2.0 * 743, 1)
