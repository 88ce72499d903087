"""Hours that were read before are remembered, and no figure ever shows it."""

from typing import TYPE_CHECKING

import pytest

from ingest.model.time import MINUTE
from kpi_engine import agenda
from kpi_engine.agenda import Cause
from kpi_engine.engine import Engine
from kpi_engine.figures import FigureKey
from kpi_engine.remembered_days import RememberedDays

if TYPE_CHECKING:
    from processors.storage.database import Connection
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

HOURLY = "heat_emissions_hourly"


@pytest.fixture
def remembering(district: "District") -> "District":
    """Return a settled district whose engine remembers the hours of the days since January."""
    for device, energy in (("meter-a", 1.1), ("meter-b", 0.7)):
        district.counts(device, "heat_energy", "2026-01-01T00:00", "2026-04-10T00:00", energy)
    district.gauges("plant", "heat_emission_factor", "2026-01-01T00:00", "2026-04-10T00:00", 0.3)
    district.settle()
    return district


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
    district.connection.execute("delete from kpi_value")
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


def test_without_room_figures_are_the_same(remembering: "District") -> None:
    before = figures(remembering)
    remembering.engine = Engine(remembering.own, remembered=RememberedDays(room=20))
    remembering.now += MINUTE
    remembering.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 1.1)
    remembering.settle()

    assert figures(remembering) == before


def test_what_changed_after_the_agenda_was_filled_is_not_mixed_with_what_is_remembered(
    remembering: "District", monkeypatch: pytest.MonkeyPatch
) -> None:
    take = agenda.take

    def late(connection: "Connection", limit: int) -> dict[FigureKey, Cause]:
        monkeypatch.setattr("kpi_engine.agenda.take", take)
        remembering.counts("meter-b", "heat_energy", "2026-02-10T05:00", "2026-02-10T06:00", 5.0)
        return take(connection, limit)

    remembering.now += MINUTE
    remembering.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 9.0)
    monkeypatch.setattr("kpi_engine.agenda.take", late)
    remembering.engine.step(remembering.now)
    year = remembering.value(HOURLY, None, "year", "2026-01-01T00:00")

    assert year is not None
    february = (5.0 - 0.7) * 0.3
    march = (9.0 - 1.1) * 0.3
    whole = 1.8 * 0.3 * (99 * 24 - 1)
    assert year.value == pytest.approx(whole + february + march)
