"""Whether a figure says that what it was computed from has moved on."""

from typing import TYPE_CHECKING

import pytest

from kpi_engine.engine.extents import request
from kpi_engine.subjects import subject_index
from processors.storage.registry.registry import sync
from tests.kpi_engine.conftest import at, fill

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered",)

EIGHTH, NINTH = "2026-04-08T00:00", "2026-04-09T00:00"


def due(district: "District", site: str | None, day: str) -> bool:
    found = district.value("heat_delivered", site, "day", day)
    assert found is not None
    return found.due


def test_a_figure_that_was_just_computed_is_not_due(district: "District") -> None:
    fill(district)

    assert not due(district, "a", EIGHTH)
    assert not due(district, None, EIGHTH)


def test_figures_of_changed_hours_are_due_before_anybody_has_looked_and_until_they_are_computed(
    district: "District",
) -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", EIGHTH, "2026-04-08T01:00", 3.0)

    assert due(district, "a", EIGHTH)
    assert due(district, None, EIGHTH)
    assert not due(district, "a", NINTH)
    district.settle()
    assert not due(district, "a", EIGHTH)


def test_a_city_is_due_while_only_its_part_has_been_computed(district: "District") -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", EIGHTH, "2026-04-08T01:00", 3.0)
    district.restart(figures_per_step=1)
    seen = set()
    while district.engine.step(district.now).recomputed:
        part = district.value("heat_delivered", "a", "day", EIGHTH)
        whole = district.value("heat_delivered", None, "day", EIGHTH)
        assert part is not None
        assert whole is not None
        assert part.due or whole.due or (part.value, whole.value) == (49.0, 97.0)
        seen.add((part.due, whole.due))

    assert {(False, True), (True, False)} & seen, "the two were never computed in different steps"


def test_what_is_asked_for_is_due_and_its_former_revisions_are_not(district: "District") -> None:
    fill(district)
    subjects = subject_index.load(district.connection).select("town", "a")
    request(district.connection, subjects, "heat_delivered", (at(EIGHTH), at(NINTH)), district.now)
    district.connection.commit()

    assert due(district, "a", EIGHTH)
    assert not due(district, "b", EIGHTH)
    assert not due(district, None, EIGHTH)


def test_every_figure_of_a_city_is_due_until_a_change_of_its_file_is_noted(district: "District") -> None:
    fill(district)
    city = next(iter(subject_index.load(district.connection).subjects.values())).city
    sync(district.connection, [city.model_copy(update={"factors": {}})])
    district.connection.commit()

    assert due(district, "b", EIGHTH)
    district.settle()
    assert not due(district, "b", EIGHTH)


def test_grafana_is_told_which_figures_are_due(district: "District") -> None:
    fill(district)
    district.counts("meter-a", "heat_energy", EIGHTH, "2026-04-08T01:00", 3.0)
    found = district.connection.execute(
        "select distinct label from grafana.kpi_value where due and period = 'day' and kpi = 'heat_delivered'"
    ).fetchall()

    assert found == [("2026-04-08",)]
