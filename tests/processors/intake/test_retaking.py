"""What was refused is taken once more after its cause was mended: as if it had been right from the start."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City
from ingest.model.observation import RawMessage
from ingest.model.time import HOUR, MINUTE, SECOND
from processors.intake.retaking import Retaken, retake
from processors.intake.stream import Stream
from processors.storage.database import Connection, connect
from processors.storage.readings import ledger
from processors.storage.readings.ledger import Account, Receipt
from processors.storage.readings.pseudonym_key import destroy, kept
from processors.storage.readings.quarantine import Filter, Quarantined, find
from processors.storage.readings.retaking import moved
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import load, sync
from tests import towns
from tests.stores import POSTGRESQL, Stores
from tests.towns import Declared, charging_point, heat_meter

NOON = 1_795_262_400_000_000
BINDING: Declared = {"name": "acme", "topic": "acme/{device}", "decoder": "mapping", "gateway": "acme"}
RIGHT: Declared = {
    "time": {"column": "at", "epoch": "s"},
    "values": [{"column": "e", "quantity": "heat_energy", "unit": "MWh"}],
}
WRONG: Declared = {**RIGHT, "time": {"column": "when", "epoch": "s"}}
UNTIMED: Declared = {"values": [{"column": "t", "quantity": "supply_temperature"}]}
METER = heat_meter("heat_energy", "supply_temperature", name="m1", binding="acme")
EVERYTHING = Filter()
OBSERVATIONS = """
    select device.name, quantity, time, value, quality, received_at
    from observation join series using (series_id) join device using (device_id) order by 1, 2, 3
"""


def bound(mapping: Declared) -> Declared:
    return towns.city_document(METER, bindings=[{**BINDING, "mapping": mapping}])


def document(number: int, **more: object) -> bytes:
    return json.dumps({"at": NOON // SECOND - 7200 + 900 * number, "e": 5.0 + number, **more}).encode()


def arriving(*payloads: bytes, topic: str = "acme/m1") -> list[RawMessage]:
    return [RawMessage(topic, payload, NOON + HOUR + number * MINUTE) for number, payload in enumerate(payloads)]


class Town:
    """A database with a city, which is mended now and then."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection: Connection = connect(url, "test")

    def apply(self, declared: Declared) -> Catalogue:
        """Register the city as it is declared now."""
        sync(self.connection, [City.model_validate(declared)])
        catalogue = load(self.connection)
        self.connection.commit()
        return catalogue

    def take(self, messages: Iterable[RawMessage], source: str = "mqtt") -> Receipt:
        """Take messages as they come."""
        catalogue = load(self.connection)
        self.connection.commit()
        return Stream(Sink(self.connection, catalogue, source), catalogue).accept(list(messages))

    def retake(self, wanted: Filter = EVERYTHING) -> Retaken:
        """Take once more what was refused."""
        catalogue = load(self.connection)
        self.connection.commit()
        with connect(self.url, "test") as other:
            stream = Stream(Sink(self.connection, catalogue, "mqtt"), catalogue)
            return sum(retake(other, wanted, lambda _: stream), Retaken())

    def observations(self) -> list[tuple[object, ...]]:
        """Return what is stored."""
        found = self.connection.execute(OBSERVATIONS).fetchall()
        self.connection.commit()
        return found

    def refused(self) -> list[Quarantined]:
        """Return what is in quarantine."""
        found = find(self.connection, Filter())
        self.connection.commit()
        return found

    def accounts(self) -> dict[str, Account]:
        """Return the ledger by city, which is balanced and agrees with what quarantine holds."""
        found = ledger.accounts(self.connection)
        held = self.connection.execute(
            "select coalesce(source.city, ''), sum(readings) from quarantine join source using (source_id) group by 1"
        ).fetchall()
        self.connection.commit()
        assert all(one.is_balanced for one in found)
        by_city = {one.city: one.quarantined for one in found if one.quarantined}
        assert by_city == {city: int(readings) for city, readings in held if readings}
        return {one.city: one for one in found}


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    there = Town(database_url)
    with closing(there.connection):
        yield there


pytestmark = pytest.mark.integration


def test_a_wrong_mapping_that_is_mended_leaves_what_a_right_one_would_have(town: Town, stores: Stores) -> None:
    messages = arriving(*(document(number) for number in range(8)))
    town.apply(bound(WRONG))
    town.take(messages)
    assert town.observations() == []
    town.apply(bound(RIGHT))
    assert town.retake().readings == Receipt(stored=8)
    with stores[POSTGRESQL].database(is_migrated=True) as url:
        right = Town(url)
        with closing(right.connection):
            right.apply(bound(RIGHT))
            right.take(messages)
            assert town.observations() == right.observations()
            assert [(one.stored, one.received) for one in town.accounts().values() if one.received] == [
                (one.stored, one.received) for one in right.accounts().values() if one.received
            ]
    assert town.refused() == []


def test_messages_on_a_topic_that_nobody_bound_are_taken_once_it_is_bound(town: Town) -> None:
    town.apply(towns.city_document(heat_meter(name="m1")))
    town.take(arriving(document(0), document(1)))
    assert [one.reason for one in town.refused()] == ["bad_topic", "bad_topic"]
    assert (town.accounts()[""].quarantined, town.accounts()[""].received) == (2, 2)
    town.apply(bound(RIGHT))
    assert town.retake(Filter(reason="bad_topic")) == Retaken(2, 0, Receipt(stored=2))
    assert (town.accounts()[""].received, town.accounts()["harbour"].received) == (0, 2)


def test_copies_of_a_message_without_a_time_are_readings_of_their_own(town: Town) -> None:
    same = json.dumps({"t": 70.5}).encode()
    first, second, third = arriving(same, same, same)
    again = RawMessage(third.topic, same, NOON + 2 * HOUR, redelivered=True)
    town.take([first, second, third, again])
    assert (town.accounts()[""].quarantined, town.accounts()[""].duplicate) == (1, 3)
    town.apply(bound(UNTIMED))
    assert town.retake().readings.stored == 3
    assert [row[2] for row in town.observations()] == [row[5] for row in town.observations()]  # each is of its arrival
    assert (town.accounts()["harbour"].stored, town.accounts()[""].duplicate) == (3, 1)
    assert sum(one.received for one in town.accounts().values()) == 4


def test_a_timed_message_that_came_often_is_one_reading(town: Town) -> None:
    town.take(arriving(document(0), document(0), document(0)))
    town.apply(bound(RIGHT))
    assert town.retake().readings.stored == 1
    assert [(one.city, one.received) for one in town.accounts().values()] == [("", 2), ("harbour", 1)]


def test_what_would_be_refused_again_for_the_same_reasons_stays_as_it_is(town: Town) -> None:
    town.apply(bound(WRONG))
    town.take(arriving(document(0)))
    before, accounts = town.refused(), town.accounts()
    assert town.retake() == Retaken(unchanged=1)
    assert (town.refused(), town.accounts()) == (before, accounts)


def test_what_is_refused_again_for_another_reason_stays_with_that_and_with_the_time_of_its_first_receipt(
    town: Town,
) -> None:
    told = json.dumps({"time": NOON // 1000, "values": {"warmth": 1.0}}).encode()
    town.take(arriving(told, topic="pharos/v1/harbour/m1/telemetry"))
    (before,) = town.refused()
    town.apply(towns.city_document(heat_meter(name="m1")))
    assert town.retake().messages == 1
    (after,) = town.refused()
    assert (before.reason, after.reason) == ("unknown_device", "unknown_quantity")
    assert after.first_received_at == before.first_received_at
    assert town.accounts()["harbour"].quarantined == after.readings


def test_the_part_of_a_message_that_was_stored_is_not_received_again(town: Town) -> None:
    native = json.dumps({"time": NOON // 1000, "values": {"heat_energy": 5000.0, "supply_temperature": 70.0}}).encode()
    town.apply(towns.city_document(heat_meter("heat_energy", name="m1")))
    town.take(arriving(native, topic="pharos/v1/harbour/m1/telemetry"))
    town.apply(towns.city_document(heat_meter("heat_energy", "supply_temperature", name="m1")))
    town.retake(Filter(city="harbour", reason="unknown_quantity"))
    account = town.accounts()["harbour"]
    assert (account.received, account.stored, account.duplicate, account.quarantined) == (2, 2, 0, 0)


def test_rows_of_files_wait_for_their_file(town: Town) -> None:
    town.take(arriving(document(0)), source="replay:acme")
    assert town.retake() == Retaken()
    assert len(town.refused()) == 1


def test_a_choice_by_number_or_time_leaves_the_rest(town: Town) -> None:
    town.take(arriving(document(0), document(1), document(2)))
    town.apply(bound(RIGHT))
    one, other, _ = town.refused()
    town.retake(Filter(quarantine_id=other.quarantine_id))
    town.retake(Filter(from_time=one.last_received_at))
    assert len(town.refused()) == 1
    assert [row[3] for row in town.observations()] == [6000.0, 7000.0]


def test_who_charged_is_nobody_in_quarantine_and_what_was_charged_is_taken_all_the_same(
    town: Town, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    document = {"connectorId": 1, "idTag": "04A1B2C3", "meterStart": 910031, "timestamp": "2026-11-21T12:00:00Z"}
    topic = "ocpp/CP1/up/request/StartTransaction/1"
    catalogue = town.apply(towns.city_document(heat_meter(name="m1")))
    stream = Stream(Sink(town.connection, catalogue, "mqtt", pseudonyms=kept(key)), catalogue)
    stream.accept([RawMessage(topic, json.dumps(document).encode(), NOON)])
    (refused,) = town.refused()
    word = json.loads(refused.payload or b"")["idTag"]
    assert word == kept(key)().word(b"04A1B2C3").decode()
    assert key.stat().st_mode & 0o777 == 0o600
    assert destroy(key)
    assert kept(key)().word(b"04A1B2C3").decode() != word  # nobody can tell any more whose it was
    point = charging_point("electricity_energy", "plugged_in", name="cp1", native_id="CP1:1", binding="ocpp")
    binding = {"name": "ocpp", "topic": "ocpp/{device}/up/request/{action}/{id}", "decoder": "ocpp", "gateway": "csms"}
    town.apply(towns.city_document(point, bindings=[binding]))
    assert town.retake().readings.stored > 0
    assert [row[3] for row in town.observations() if row[1] == "electricity_energy"] == [pytest.approx(910.031)]


def test_the_accounts_move_by_what_was_held_and_nothing_is_received_twice() -> None:
    moves = {
        "stored as they were": (Receipt(stored=3), {1: 3}, {}, {1: Receipt(stored=3, quarantined=-3)}),
        "known by another way": (Receipt(duplicate=3), {1: 3}, {}, {1: Receipt(duplicate=3, quarantined=-3)}),
        "beside what was stored": (Receipt(stored=1, duplicate=2), {1: 1}, {}, {1: Receipt(stored=1, quarantined=-1)}),
        "more than was known": (Receipt(stored=4), {1: 1}, {}, {1: Receipt(stored=4, quarantined=-1)}),
        "copies": (Receipt(stored=3), {1: 1}, {1: 5}, {1: Receipt(stored=3, duplicate=-2, quarantined=-1)}),
        "refused again": (Receipt(quarantined=3), {1: 3}, {}, {1: Receipt()}),
    }
    for name, (outcome, held, repeated, expected) in moves.items():
        assert moved({1: outcome}, held, repeated) == expected, name
