"""A device is its native id: it may change its name, swap it, or be told to have had another id."""

from collections.abc import Mapping

import pytest

from ingest.errors import CityFileError
from ingest.model.city.assets import City
from ingest.model.city.city_file import parse
from processors.errors import UnitChangeError
from processors.storage.database import Connection
from processors.storage.registry import registry
from processors.storage.registry.city_changes import changes
from tests.towns import heat_meter, sending, town

pytestmark = pytest.mark.integration


@pytest.fixture
def store() -> str:
    return "postgresql"


def _city(names: Mapping[str, str], *, unit: str = "MWh", **keys: str) -> City:
    """Return a city of meters with ``names`` by their native ids."""
    energy = sending("heat_energy", unit=unit)
    meters = (heat_meter(energy, name=name, native_id=own, **keys) for own, name in names.items())
    return parse(town(*meters), "harbour.yaml")


def _series(connection: Connection, city: City) -> dict[str, int]:
    """Register a city; returns the ids of its series by native id."""
    catalogue = registry.sync(connection, [city])
    return {native_id: one.series["heat_energy"].series_id for (_, native_id), one in catalogue.devices.items()}


def _store_reading(connection: Connection, series: int) -> None:
    connection.execute("select ensure_partitions('2026-02-10', '2026-02-10')")
    connection.execute(
        "insert into observation (series_id, time, received_at, value, source_id, quality) "
        "values (%s, '2026-02-10', '2026-02-10', 1000, 1, 0)",
        [series],
    )


@pytest.mark.plain_tables
def test_a_renamed_device_keeps_its_series(connection: Connection) -> None:
    before = _series(connection, _city({"K1": "old"}))
    assert _series(connection, _city({"K1": "new"})) == before
    assert [name for (name,) in connection.execute("select name from device")] == ["new"]


@pytest.mark.plain_tables
def test_two_devices_swap_their_names_and_keep_their_series(connection: Connection) -> None:
    before = _series(connection, _city({"K1": "east", "K2": "west"}))
    assert _series(connection, _city({"K1": "west", "K2": "east"})) == before


@pytest.mark.plain_tables
def test_another_native_id_under_the_same_name_is_another_device_and_the_former_comes_back_by_its_own(
    connection: Connection,
) -> None:
    before = _series(connection, _city({"K1": "meter"}))
    other = _series(connection, _city({"K2": "meter"}))
    assert other["K2"] != before["K1"]
    assert _series(connection, _city({"K1": "first", "K2": "meter"})) == before | other


@pytest.mark.plain_tables
def test_a_device_that_is_said_to_have_had_another_native_id_keeps_its_series(connection: Connection) -> None:
    before = _series(connection, _city({"K1": "meter"}))
    moved = _city({"K2": "meter"}, former_native_id="K1")
    assert not changes(connection, moved).losses
    assert _series(connection, moved) == {"K2": before["K1"]}
    assert _series(connection, moved) == {"K2": before["K1"]}


@pytest.mark.plain_tables
def test_a_device_can_give_its_native_id_to_a_new_one_and_keep_its_past(connection: Connection) -> None:
    before = _series(connection, _city({"K1": "meter"}))
    ended = _city({"K0": "meter"}, former_native_id="K1")
    both = ended.model_copy(update={"devices": (*ended.devices, *_city({"K1": "anew"}, unit="kWh").devices)})
    for _ in range(2):
        after = _series(connection, both)
        assert after["K0"] == before["K1"]
        assert after["K1"] != before["K1"]


def test_one_past_belongs_to_one_device() -> None:
    with pytest.raises(CityFileError, match="former_native_id"):
        _city({"K2": "east", "K3": "west"}, former_native_id="K1")


def test_a_renamed_device_cannot_change_the_unit_of_what_it_stored(connection: Connection) -> None:
    before = _series(connection, _city({"K1": "old"}))
    _store_reading(connection, before["K1"])
    with pytest.raises(UnitChangeError, match="new, heat_energy, unit"):
        registry.sync(connection, [_city({"K1": "new"}, unit="kWh")])
    assert [name for (name,) in connection.execute("select name from device")] == ["old"]


def test_what_a_file_takes_out_of_figures_is_told_before_and_what_it_adds_as_well(connection: Connection) -> None:
    before = _series(connection, _city({"K1": "east", "K2": "west"}))
    _store_reading(connection, before["K1"])
    told = changes(connection, _city({"K2": "quay", "K3": "north"}))
    assert list(told.news) == [
        "west is called quay from now on; its readings and figures stay its own",
        "north is new (native_id K3)",
    ]
    assert list(told.losses) == [
        "east leaves, and with it the past of 1 series: readings from 2026-02-10T00:00:00Z to 2026-02-10T00:00:00Z are "
        "stored",
        "if north is the same device, give it native_id: K1",
        "0 published figures were computed with east: they change or vanish when they are computed anew",
    ]
    assert list(told.leaving) == ["east"]


@pytest.mark.plain_tables
def test_what_never_sent_a_reading_leaves_without_a_loss(connection: Connection) -> None:
    _series(connection, _city({"K1": "east", "K2": "west"}))
    told = changes(connection, _city({"K2": "west"}))
    assert (list(told.news), list(told.losses)) == (["east leaves; it never sent a reading"], [])


def test_a_shorter_validity_is_a_loss(connection: Connection) -> None:
    before = _series(connection, _city({"K1": "east"}))
    _store_reading(connection, before["K1"])
    (told, figures) = changes(connection, _city({"K1": "east"}, valid_from="2026-03-01")).losses
    assert told.startswith("east is valid from 2026-03-01 to now, no longer from the beginning to now; readings from")
    assert "computed with east" in figures
