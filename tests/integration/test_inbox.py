"""What nobody declared, from the broker to the figures: kept, refused by a wrong mapping, and as if never wrong."""

import json
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from deploy.embedded.mosquitto import Mosquitto
from deploy.embedded.nats import Nats
from ingest.model.city.assets import City
from ingest.model.observation import RawMessage
from ingest.model.time import SECOND
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import connect
from processors.storage.readings import ledger, replay_requests
from processors.storage.readings.quarantine import Filter, find
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import load, sync
from processors.storage.rollups.rollups import RollupStore
from tests import embedded_run, towns
from tests.broker_kinds import Kind, installed
from tests.integration.test_bindings import House, house, ingesting
from tests.mqtt_client import connected
from tests.stores import POSTGRESQL, Stores
from tests.towns import Declared, electricity_meter
from tests.waiting import until

if TYPE_CHECKING:
    from processors.storage.database import Connection

pytestmark = pytest.mark.integration

MIDNIGHT = 1_700_000_000 // 86_400 * 86_400  # seconds, in UTC
TOPIC = "acme/plug-3/up"
MAPPING: Declared = {
    "time": {"column": "at", "epoch": "s"},
    "values": [{"column": "total", "quantity": "electricity_energy", "unit": "Wh"}],
}
WRONG: Declared = {**MAPPING, "time": {"column": "measured", "epoch": "s"}}
NOBODY = towns.city(electricity_meter(name="main"))


def city(mapping: Declared) -> City:
    """Return the city with the plug and what reads it."""
    binding = {
        "name": "acme",
        "topic": "acme/{device}/up",
        "decoder": "mapping",
        "gateway": "bridge",
        "mapping": mapping,
    }
    plug = electricity_meter(name="plug", binding={"name": "acme", "device": "plug-3"})
    return towns.city(electricity_meter(name="main"), plug, bindings=[binding])


def say(client: Any, hours: range) -> None:  # noqa: ANN401 - paho's client
    """Publish the register of some hours."""
    for hour in hours:
        document = {"at": MIDNIGHT + 3600 * hour, "total": 1000.0 * hour * hour}
        client.publish(TOPIC, json.dumps(document).encode(), qos=1).wait_for_publish(30)


def reasons(url: str) -> list[tuple[str, int]]:
    """Return why messages are in quarantine, and how many for each reason."""
    with psycopg.connect(url) as connection:
        return connection.execute("select reason, count(*) from quarantine group by 1 order by 1").fetchall()


def figures(url: str) -> list[tuple[object, ...]]:
    """Roll up, compute and return every figure, with the digest of what it rests on."""
    with connect(url, "test") as connection:
        catalogue = load(connection)
        connection.commit()
        worker = RollupWorker(RollupStore(connection), lambda: catalogue)
        while worker.cycle().spans:
            pass
    embedded_run.compute(url, (MIDNIGHT + 40 * 86_400) * SECOND)
    with psycopg.connect(url) as connection:
        return connection.execute(embedded_run.FIGURES).fetchall()


def replayed(connection: "Connection", wanted: Filter) -> replay_requests.ReplayRequest:
    """Ask as somebody does over HTTP, and return what ingest made of it."""
    asked = replay_requests.ask(connection, wanted, "test")
    connection.commit()
    found: list[replay_requests.ReplayRequest] = []

    def is_finished() -> bool:
        found[:] = [one for one in [replay_requests.request(connection, asked.replay_id)] if one]
        connection.commit()
        return bool(found and found[0].finished_at)

    until(is_finished)
    return found[0]


def is_balanced(connection: "Connection") -> bool:
    """Whether the ledger adds up and says of quarantine what that holds."""
    held = connection.execute("select coalesce(sum(readings), 0) from quarantine").fetchone()
    accounts = ledger.accounts(connection)
    connection.commit()
    is_added_up = all(one.is_balanced for one in accounts)
    return is_added_up and held == (sum(one.quarantined for one in accounts),)


@pytest.fixture(params=[Nats, Mosquitto])
def kind(request: pytest.FixtureRequest) -> Kind:
    return installed(request.param)


def test_what_nobody_bound_is_kept_and_a_mapping_that_was_wrong_first_leaves_the_figures_of_a_right_one(
    kind: Kind, open_folder: Path, database_url: str, stores: Stores
) -> None:
    with connect(database_url, "test") as connection, ExitStack() as running:
        sync(connection, [NOBODY])
        there: House = running.enter_context(house(kind, open_folder, database_url, anywhere=True))
        running.enter_context(ingesting(there, database_url))
        until((there.data / "mqtt-client-inbox").exists)
        bridge = running.enter_context(connected(there.url("harbour.bridge")))
        bridge.publish("pharos/v1/harbour/main/telemetry", b'{"values": {"electricity_energy": 666}}', qos=0)
        until(lambda: say_once(bridge) or bool(reasons(database_url)))
        say(bridge, range(1, 13))
        until(lambda: reasons(database_url) == [("bad_topic", 13)])
        assert {one.topic for one in find(connection, Filter())} == {TOPIC}  # nobody speaks for another
        assert is_balanced(connection)

        sync(connection, [city(WRONG)])
        until(lambda: there.may_publish("harbour.bridge") == ("acme/+/up",))
        until(there.server.has_taken_note)
        refused = replayed(connection, Filter(reason="bad_topic"))
        assert (refused.messages, refused.stored) == (13, 0)
        placed = running.enter_context(connected(there.url("harbour.bridge")))
        say(placed, range(13, 25))
        until(lambda: sum(count for _, count in reasons(database_url)) == 25)
        assert "bad_topic" not in dict(reasons(database_url))
        assert is_balanced(connection)

        sync(connection, [city(MAPPING)])
        mended = replayed(connection, Filter())
        assert (mended.stored, mended.quarantined, mended.unchanged) == (25, 0, 0)
        assert reasons(database_url) == []
        assert is_balanced(connection)
        found = figures(database_url)
    with stores[POSTGRESQL].database(is_migrated=True) as url:
        with connect(url, "test") as connection:
            sync(connection, [city(MAPPING)])
            catalogue = load(connection)
            connection.commit()
            messages = [
                RawMessage(
                    TOPIC,
                    json.dumps({"at": MIDNIGHT + 3600 * hour, "total": 1000.0 * hour * hour}).encode(),
                    (MIDNIGHT + 3600 * hour + 1) * SECOND,
                )
                for hour in range(25)
            ]
            Stream(Sink(connection, catalogue, "mqtt"), catalogue).accept(messages)
        assert found == figures(url)
        assert any(row[5] for row in found)


def say_once(client: Any) -> bool:  # noqa: ANN401 - paho's client
    """Publish the first hour: as often as it takes until somebody listens."""
    with suppress(RuntimeError):  # a client whose connection is being made anew says that it has none
        say(client, range(1))
    return False
