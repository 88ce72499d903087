"""Days of sites: computed when they are asked for, and the same as if they had been kept."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ingest.model.calendar import Period
from ingest.model.city.city_file import parse
from ingest.model.time import HOUR, from_micros
from kpi_engine.engine import days_on_reading, recompute_queue
from kpi_engine.engine.days_on_reading import FiguresAsked
from kpi_engine.engine.engine import Engine
from kpi_engine.engine.extents import request
from kpi_engine.errors import NotKeptError
from kpi_engine.figures import store
from kpi_engine.figures.store import KnownFigure, StoredFigure
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from processors.storage.registry.registry import sync
from tests.kpi_engine.conftest import CITY, at, district_of, fill, keep_days_of_sites

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

FIRST, LAST = "2026-04-05T00:00", "2026-04-11T00:00"


@pytest.fixture(scope="module")
def town(module_database_url: str) -> "Iterator[District]":
    """Return a town of which everything is computed that is kept; tests only look at it."""
    with district_of(module_database_url, CITY) as found:
        fill(found)
        yield found


def asked(kpi: str = "heat_delivered", as_of: int | None = None) -> FiguresAsked:
    known_at = None if as_of is None else from_micros(as_of)
    return FiguresAsked(INDICATORS[kpi], Period.DAY, from_micros(at(FIRST)), from_micros(at(LAST)), known_at)


def days(town: "District", site: str | None, wanted: FiguresAsked) -> list[KnownFigure]:
    index = subject_index.load(town.connection)
    found = days_on_reading.figures(town.connection, index, [SubjectName("town", site)], wanted)
    town.connection.rollback()
    return found


def stored_days(town: "District", site: str | None, kpi: str = "heat_delivered") -> list[StoredFigure]:
    span = from_micros(at(FIRST)), from_micros(at(LAST))
    found = store.values(town.connection, kpi, "town", site, "day", *span)
    town.connection.rollback()
    return found


def test_of_a_site_months_and_years_are_kept_and_of_the_city_days_too(town: "District") -> None:
    assert stored_days(town, "a") == []
    assert len(stored_days(town, None)) == 5
    assert town.value("heat_delivered", "a", "month", "2026-03-01T00:00") is not None
    assert town.value("heat_delivered", "a", "year", "2026-01-01T00:00") is not None


def test_a_day_of_a_site_is_computed_when_it_is_asked_for_and_has_no_revision(town: "District") -> None:
    found = days(town, "a", asked())

    assert [one.value for one in found] == [48.0] * 5
    assert [one.status for one in found] == ["final"] * 5
    assert {(one.value_id, one.revision, one.computed_at, one.due) for one in found} == {(None, None, None, False)}


def test_of_the_city_what_is_asked_for_is_what_is_kept(town: "District") -> None:
    assert days(town, None, asked()) == stored_days(town, None)


def test_what_nobody_computes_has_no_days(town: "District") -> None:
    assert days(town, "plant", asked()) == []
    assert days(town, "nowhere", asked()) == []


def test_how_days_were_known_can_be_said_where_nothing_of_them_changed_since(database_url: str) -> None:
    with district_of(database_url, CITY) as town:
        fill(town)
        known_at, before = town.now, days(town, "a", asked())
        town.counts("meter-a", "heat_energy", "2026-04-10T00:00", "2026-04-10T02:00", 2.0)
        for _ in range(2):  # what comes before its hours are over is not late
            town.settle()
            town.now += 2 * HOUR
        town.settle()
        later = days(town, "a", asked(as_of=known_at))
        assert days(town, "a", asked(as_of=at("2026-04-06T00:10"))) == []  # nobody had computed anything then
        with pytest.raises(NotKeptError, match="or one had not ended then"):
            days(town, "a", asked(as_of=town.now))  # the day that has begun meanwhile

        town.connection.rollback()
        town.counts("meter-a", "heat_energy", "2026-04-08T00:00", "2026-04-08T01:00", 3.0)
        with pytest.raises(NotKeptError, match=r"days of heat_delivered of a .* something changed"):
            days(town, "a", asked(as_of=known_at))  # before any figure is computed anew
        town.connection.rollback()
        town.settle()
        with pytest.raises(NotKeptError):
            days(town, "a", asked(as_of=known_at))
        town.connection.rollback()

        assert later == before
        assert [one.value for one in before] == [48.0] * 5
        assert [one.value for one in days(town, "b", asked(as_of=known_at))] == [48.0] * 5


def test_the_lineage_of_a_day_holds_what_it_was_computed_from(town: "District") -> None:
    index = subject_index.load(town.connection)
    subject = index.select("town", "a")[0]
    found = days_on_reading.lineage(town.connection, index, subject, asked())
    town.connection.rollback()

    assert found is not None
    outcome = INDICATORS["heat_delivered"].outcome(INDICATORS["heat_delivered"].inputs_model(**found.inputs))
    assert (outcome.value, outcome.lower, outcome.upper) == (found.value.value, found.value.lower, found.value.upper)
    assert found.revisions == [found.value]


def test_a_day_that_is_kept_is_the_same_to_the_last_bit(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with district_of(database_url, CITY) as town:
        fill(town)
        names = [one.name for one in subject_index.load(town.connection).select("town", "a")[0].indicators]
        computed = {name: days(town, "a", asked(name)) for name in names}
        with monkeypatch.context() as context:
            keep_days_of_sites(context)
            sync(town.connection, [parse(CITY.replace("lighthouse", "follower"), "town.yaml")])
            town.connection.commit()
            town.engine = Engine(town.own)
            town.settle()
            kept = {name: stored_days(town, "a", name) for name in names}

    assert len(names) > 5
    for name in names:
        assert kept[name], name
        assert [content(one) for one in kept[name]] == [content(one) for one in computed[name]], name


def test_an_agenda_of_before_costs_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with district_of(database_url, CITY) as town:
        fill(town)
        with monkeypatch.context() as context:
            keep_days_of_sites(context)
            subjects = subject_index.load(town.connection).select("town", "a")
            put = request(town.connection, subjects, "heat_delivered", (at(FIRST), at(LAST)), town.now)
            town.connection.commit()
        town.settle()

        assert put == 5 + 1 + 1  # days, the month and the year
        assert stored_days(town, "a") == []
        assert recompute_queue.backlog(town.connection).figures == 0


def content(one: KnownFigure) -> dict[str, object]:
    """Return what a figure says, without what only a kept one has."""
    kept_alone = ("value_id", "revision", "computed_at", "cause", "cause_detail")
    return {name: value for name, value in vars(one).items() if name not in kept_alone}
