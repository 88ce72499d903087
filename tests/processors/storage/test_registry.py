"""Master data: registered once, found again, and marked where a change alters what is stored."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ingest.model.assets import City
from processors.storage import registry
from processors.storage.current_catalogue import CurrentCatalogue
from processors.storage.database import Connection, connect

pytestmark = pytest.mark.integration

CITY = City.model_validate(
    {
        "name": "harbour",
        "title": "Harbour",
        "country": "DK",
        "timezone": "Europe/Copenhagen",
        "role": "lighthouse",
        "sites": [{"name": "house", "vertical": "district_heating"}],
        "devices": [
            {
                "name": "meter",
                "site": "house",
                "type": "heat_meter",
                "native_id": "KAM:1",
                "expected_interval": "PT1H",
                "series": [{"quantity": "heat_energy", "unit": "MWh"}, {"quantity": "return_temperature"}],
            }
        ],
    }
)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as session:
        yield session


def test_what_was_registered_is_loaded_with_the_same_ids(connection: Connection) -> None:
    synced = registry.sync(connection, [CITY])
    loaded = registry.load(connection)
    assert loaded.devices == synced.devices
    assert loaded.devices["harbour", "KAM:1"].series.keys() == {"heat_energy", "return_temperature"}


def test_registering_twice_changes_nothing(connection: Connection) -> None:
    first = registry.sync(connection, [CITY])
    assert registry.sync(connection, [CITY]).series == first.series
    assert _marks(connection) == []


@pytest.mark.concurrent
def test_a_change_that_waited_for_another_one_is_noticed(connection: Connection, database_url: str) -> None:
    other = CITY.model_copy(update={"name": "other"})
    registry.sync(connection, [CITY, other])
    connection.commit()
    current = CurrentCatalogue(connection)
    with connect(database_url, "test slow") as slow:
        slow.execute("select now()")  # its transaction begins before the quick one's
        registry.sync(connection, [CITY.model_copy(update={"title": "Quick"})])
        connection.commit()
        assert current().cities["harbour"].title == "Quick"
        registry.sync(slow, [other.model_copy(update={"title": "Slow"})])
    assert current().cities["other"].title == "Slow"


def test_registering_again_spends_no_ids(connection: Connection) -> None:
    for _ in range(3):
        registry.sync(connection, [CITY])
    other = CITY.model_copy(update={"name": "other"})
    ids = registry.sync(connection, [CITY, other]).series
    assert max(ids) == 2 * len(CITY.devices[0].series)


def test_a_series_whose_meaning_changes_is_marked_over_all_it_has_stored(connection: Connection) -> None:
    catalogue = registry.sync(connection, [CITY])
    energy = catalogue.devices["harbour", "KAM:1"].series["heat_energy"].series_id
    _store_readings(connection, list(catalogue.series))
    registry.sync(connection, [_with_max_gap(CITY, timedelta(hours=6))])
    assert _marks(connection) == [(energy, "2026-01-01", "2026-02-01")]


def test_a_device_that_leaves_the_file_keeps_its_id(connection: Connection) -> None:
    before = registry.sync(connection, [CITY])
    assert not registry.sync(connection, [CITY.model_copy(update={"devices": ()})]).series
    assert registry.sync(connection, [CITY]).series == before.series


def _with_max_gap(city: City, gap: timedelta) -> City:
    meter = city.devices[0]
    energy = meter.series[0].model_copy(update={"max_gap": gap})
    changed = meter.model_copy(update={"series": (energy, *meter.series[1:])})
    return city.model_copy(update={"devices": (changed,)})


def _store_readings(connection: Connection, series: list[int]) -> None:
    connection.execute("select ensure_partitions('2026-01-01', '2026-02-01')")
    connection.execute(
        """insert into observation
           select time, time, 1, series, 1, 0
           from unnest(%s::int[]) series, unnest('{2026-01-01, 2026-02-01}'::timestamptz[]) time""",
        [series],
    )


def _marks(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select series_id, from_time::date::text, to_time::date::text from observation_mark"
    ).fetchall()
