"""Master data: registered once, found again, and marked where a change alters what is stored."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from ingest.model.city.assets import City
from processors.errors import UnitChangeError
from processors.storage.database import Connection, connect
from processors.storage.registry import registry
from processors.storage.registry.current_catalogue import CurrentCatalogue
from tests import towns
from tests.towns import heat_meter, sending

pytestmark = pytest.mark.integration

METER = heat_meter(sending("heat_energy", unit="MWh"), "return_temperature", native_id="KAM:1")
CITY = towns.city(METER)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as session:
        yield session


@pytest.mark.plain_tables
def test_what_was_registered_is_loaded_with_the_same_ids(connection: Connection) -> None:
    synced = registry.sync(connection, [CITY])
    loaded = registry.load(connection)
    assert loaded.devices == synced.devices
    assert loaded.devices["harbour", "KAM:1"].series.keys() == {"heat_energy", "return_temperature"}


@pytest.mark.plain_tables
def test_of_a_device_only_what_it_says_otherwise_than_by_default_is_kept_and_the_city_is_read_as_it_was(
    connection: Connection,
) -> None:
    shipped = [towns.shipped(path.stem) for path in sorted(towns.CITIES.glob("*.yaml"))]
    registry.sync(connection, [CITY, *shipped])
    kept = connection.execute("select document -> 'devices' -> 0 from city where name = 'harbour'").fetchone()
    assert kept == (
        {
            "name": "meter",
            "site": "house",
            "type": "heat_meter",
            "native_id": "KAM:1",
            "carrier": "heat",
            "direction": "consumption",
            "expected_interval": "PT1H",
            "series": [{"quantity": "heat_energy", "unit": "MWh"}, {"quantity": "return_temperature"}],
        },
    )
    assert [registry.declared(connection, one.name) for one in [CITY, *shipped]] == [CITY, *shipped]


@pytest.mark.plain_tables
def test_devices_and_series_are_looked_up_all_at_once_and_have_ids_in_the_order_of_their_file(
    connection: Connection,
) -> None:
    plans: list[str] = []
    connection.execute("load 'auto_explain'; set auto_explain.log_min_duration = 0")
    connection.execute("set auto_explain.log_level = notice")
    connection.commit()
    connection.add_notice_handler(lambda notice: plans.append(notice.message_primary or ""))
    meters = [heat_meter("heat_energy", "return_temperature", name=f"meter-{place}") for place in range(10)]
    known = registry.sync(connection, [towns.city(*meters)])
    registering = [plan for plan in plans if re.search("Insert on (device|series) ", plan)]
    assert len(registering) == 2
    assert all(re.search("Hash (Right )?Anti Join", plan) for plan in registering)
    assert list(known.series) == sorted(known.series)  # by their file


@pytest.mark.plain_tables
def test_registering_twice_changes_nothing(connection: Connection) -> None:
    first = registry.sync(connection, [CITY])
    assert registry.sync(connection, [CITY]).series == first.series
    assert _marks(connection) == []


@pytest.mark.plain_tables
def test_of_a_file_that_says_something_else_of_one_device_no_other_row_is_written(connection: Connection) -> None:
    meters = [heat_meter(name=name, title=name) for name in ("one", "other")]
    registry.sync(connection, [towns.city(*meters)])
    before = _rows(connection)
    registry.sync(connection, [towns.city({**meters[0], "expected_interval": "P1D"}, meters[1])])
    after = _rows(connection)
    assert {name for name in before if before[name] != after[name]} == {"one", "one, heat_energy"}
    registry.sync(connection, [towns.city({**meters[0], "expected_interval": "PT24H"}, meters[1])])
    changed = _rows(connection)
    assert "one" in {name for name in after if after[name] != changed[name]}  # a civil day is no 24 hours


@pytest.mark.concurrent
@pytest.mark.plain_tables
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


@pytest.mark.plain_tables
def test_registering_again_spends_no_ids(connection: Connection) -> None:
    for _ in range(3):
        registry.sync(connection, [CITY])
    other = CITY.model_copy(update={"name": "other"})
    ids = registry.sync(connection, [CITY, other]).series
    assert max(ids) == 2 * len(CITY.devices[0].series)


def test_a_series_whose_meaning_changes_is_marked_month_by_month_over_all_it_has_stored(connection: Connection) -> None:
    catalogue = registry.sync(connection, [CITY])
    energy = catalogue.devices["harbour", "KAM:1"].series["heat_energy"].series_id
    _store_readings(connection, list(catalogue.series))
    registry.sync(connection, [_with_max_gap(CITY, timedelta(hours=6))])
    assert _marks(connection) == [(energy, "2026-02-01", "2026-02-01"), (energy, "2026-01-01", "2026-01-31")]


@pytest.mark.plain_tables
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
        "select series_id, from_time::date::text, to_time::date::text from observation_mark order by seq"
    ).fetchall()


def _with_unit(unit: object) -> City:
    document = CITY.model_dump(mode="json")
    document["devices"][0]["series"][0]["unit"] = unit
    return City.model_validate(document)


def _reading(connection: Connection, day: str) -> None:
    connection.execute("select ensure_partitions(%(at)s::timestamptz, %(at)s::timestamptz)", {"at": day})
    connection.execute(
        "insert into observation (series_id, time, received_at, value, source_id, quality) "
        "select min(series_id), %(at)s::timestamptz, %(at)s::timestamptz, 1000, 1, 0 from series "
        "where quantity = 'heat_energy'",
        {"at": day},
    )


def test_the_unit_of_stored_readings_is_refused_to_change_and_nothing_is_changed(connection: Connection) -> None:
    registry.sync(connection, [CITY])
    _reading(connection, "2026-02-10T12:00:00Z")
    with pytest.raises(UnitChangeError) as refused:
        registry.sync(connection, [_with_unit("kWh").model_copy(update={"title": "Renamed"})])
    said = str(refused.value)
    assert "harbour: meter, heat_energy, unit: its readings from 2026-02-10T12:00:00Z to 2026-02-10T12:00:00Z" in said
    assert "(MWh), and the file now says kWh" in said
    assert "Nothing was changed." in said
    assert registry.load(connection).cities["harbour"] == CITY


def test_a_unit_that_changes_after_the_last_stored_reading_is_taken_up(connection: Connection) -> None:
    registry.sync(connection, [CITY])
    _reading(connection, "2026-02-10T12:00:00Z")
    changed = [{"unit": "MWh", "valid_to": "2026-03-01"}, {"unit": "kWh", "valid_from": "2026-03-01"}]
    series = registry.sync(connection, [_with_unit(changed)]).devices["harbour", "KAM:1"].series["heat_energy"]
    assert [conversion.scale for conversion in series.conversions.values] == [1000.0, 1.0]
    assert _marks(connection) == []
    with pytest.raises(UnitChangeError, match="MWh until 2026-02-01, kWh from 2026-02-01"):
        registry.sync(
            connection,
            [_with_unit([{**one, **{key: "2026-02-01" for key in one if key != "unit"}} for one in changed])],
        )


def test_a_unit_of_hours_whose_readings_were_dropped_is_refused_to_change_as_well(connection: Connection) -> None:
    registry.sync(connection, [CITY])
    connection.execute(
        "insert into rollup_row (period, series_id, bucket, bucket_end, count, estimated, measured, weighted) "
        "select 'hour', min(series_id), '2020-01-01', '2020-01-01 01:00', 4, 0, 0, 0 from series "
        "where quantity = 'heat_energy'"
    )
    with pytest.raises(UnitChangeError, match="2020-01-01T00:00:00Z"):
        registry.sync(connection, [_with_unit("kWh")])


def _rows(connection: Connection) -> dict[str, str]:
    """Return where the rows of devices and series stand, which is elsewhere after they are written, by their names."""
    return dict(
        connection.execute(
            """select name, ctid::text from device
               union all
               select name || ', ' || quantity, series.ctid::text from series join device using (device_id)"""
        ).fetchall()
    )
