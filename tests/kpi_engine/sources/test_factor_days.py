"""Hours that were read before are remembered, and no figure ever shows it."""

from typing import TYPE_CHECKING

import pytest

from ingest.model.city.city_file import parse
from ingest.model.time import MINUTE
from kpi_engine.engine import notes
from kpi_engine.windows.rollups import HourColumns, read_hours
from processors.storage.registry.registry import sync
from tests.kpi_engine.conftest import METER_A, METER_B, PLANT, at, declaring, fill_oddly

if TYPE_CHECKING:
    from processors.storage.database import Connection
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

HOURLY = "heat_emissions_hourly"


@pytest.fixture
def remembering(district: "District") -> "District":
    """Return a settled district whose engine remembers the hours of the days since January."""
    return fill_oddly(district, "2026-01-01T00:00", "2026-04-10T00:00")


def figures(district: "District") -> list[tuple[float | None, str]]:
    every = [
        district.value(HOURLY, site, period, start)
        for site in (None, "a")
        for period, start in (
            ("year", "2026-01-01T00:00"),
            ("month", "2026-03-01T00:00"),
            ("day", "2026-03-29T00:00"),
            ("day", "2026-03-10T00:00"),
        )
    ]
    assert all(every)
    return [(one.value, one.inputs_hash) for one in every if one]


def anew(district: "District") -> list[tuple[float | None, str]]:
    """Return the figures as an engine computes them that remembers nothing."""
    district.connection.execute("delete from figure")
    district.connection.execute("delete from kpi_group_day")
    district.connection.execute("delete from kpi_extent")
    district.connection.commit()
    district.restart()
    district.settle()
    return figures(district)


def test_a_late_reading_changes_the_year_as_if_nothing_were_remembered(remembering: "District") -> None:
    before = figures(remembering)
    remembering.now += MINUTE
    remembering.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 9.0)
    remembering.gauges("plant", "heat_emission_factor", "2026-03-29T05:00", "2026-03-29T06:00", 0.9)
    remembering.settle()
    after = figures(remembering)

    assert all(one != other for one, other in zip(before, after, strict=True))
    assert after == anew(remembering)


def test_hours_read_a_stretch_at_a_time_are_the_same(remembering: "District", monkeypatch: pytest.MonkeyPatch) -> None:
    before = figures(remembering)
    monkeypatch.setattr("kpi_engine.sources.days.HOURS_AT_ONCE", 30)

    assert anew(remembering) == before


def test_after_a_restart_only_the_day_of_a_late_reading_is_read_again(
    remembering: "District", monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def watched(connection: "Connection", spans: dict[int, list[tuple[int, int]]]) -> dict[int, HourColumns]:
        asked.extend(span for every in spans.values() for span in every)
        return read_hours(connection, spans)

    monkeypatch.setattr("kpi_engine.sources.factor_days.read_hours", watched)
    remembering.restart()
    remembering.now += MINUTE
    remembering.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 9.0)
    remembering.settle()

    assert set(asked) == {(at("2026-03-10T00:00"), at("2026-03-11T00:00"))}


def test_what_belongs_to_another_definition_is_not_found(remembering: "District") -> None:
    before = figures(remembering)
    later = declaring(PLANT, METER_A, {**METER_B, "valid_from": "2026-02-01"})
    sync(remembering.connection, [parse(later, "town.yaml")])
    remembering.connection.commit()
    remembering.now += MINUTE
    remembering.settle()
    after = figures(remembering)

    assert after[0] != before[0]
    assert after == anew(remembering)


def test_what_changed_after_the_agenda_was_filled_is_not_mixed_with_what_is_remembered(
    remembering: "District", monkeypatch: pytest.MonkeyPatch
) -> None:
    last = notes.last

    def late(connection: "Connection") -> notes.Noted | None:
        monkeypatch.setattr("kpi_engine.engine.notes.last", last)
        remembering.counts("meter-b", "heat_energy", "2026-02-10T05:00", "2026-02-10T06:00", 5.0)
        return last(connection)

    remembering.now += MINUTE
    remembering.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 9.0)
    monkeypatch.setattr("kpi_engine.engine.notes.last", late)
    remembering.engine.step(remembering.now)
    year = remembering.value(HOURLY, None, "year", "2026-01-01T00:00")

    assert year is not None
    february = (5.0 - 0.7) * 0.3
    march = (9.0 - 1.1) * 0.3
    whole = 1.8 * 0.3 * (99 * 24 - 1)
    assert year.value == pytest.approx(whole + february + march)
