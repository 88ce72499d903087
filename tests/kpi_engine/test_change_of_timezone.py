"""A city whose zone changes: former periods end, revisions go on, and what is the same stays."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ingest.model.time import MINUTE, from_micros
from kpi_engine.figures import store
from kpi_engine.subjects import subject_index
from processors.storage.registry.registry import sync
from tests.kpi_engine.conftest import fill

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered",)


def move(district: "District", zone: str) -> None:
    """Let the city be in another zone from now on, a minute later."""
    city = next(iter(subject_index.load(district.connection).subjects.values())).city
    district.now += MINUTE
    sync(district.connection, [city.model_copy(update={"timezone": zone})])
    district.connection.commit()
    district.settle()


def days(district: "District", as_of: int | None = None) -> set[str]:
    """Return when the days begin that have a figure."""
    known_at = None if as_of is None else from_micros(as_of)
    span = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    found = store.values(district.connection, "heat_delivered", "town", "a", "day", *span, known_at)
    district.connection.rollback()
    return {f"{day.period_start:%H:%M}" for day in found}


def test_after_a_change_of_timezone_the_former_periods_are_no_longer_current(district: "District") -> None:
    fill(district, start="2026-04-01T00:00")
    before = district.now
    move(district, "Europe/Tallinn")

    assert days(district) == {"21:00"}
    assert days(district, before) == {"22:00"}
    assert {start for *_, start, _ in district.recomputed(district.now)} != set()


def test_back_in_the_former_timezone_revisions_go_on_where_they_ended(district: "District") -> None:
    fill(district, start="2026-04-01T00:00")
    move(district, "Europe/Tallinn")
    move(district, "Europe/Copenhagen")

    assert days(district) == {"22:00"}
    day = district.value("heat_delivered", "a", "day", "2026-04-05T00:00")
    assert day is not None
    assert (day.revision, day.value) == (2, 48.0)


def test_a_zone_with_the_same_midnights_supersedes_nothing(district: "District") -> None:
    fill(district, start="2026-04-01T00:00")
    move(district, "Europe/Berlin")

    day = district.value("heat_delivered", "a", "day", "2026-04-05T00:00")
    assert day is not None
    assert (day.revision, day.value) == (1, 48.0)
