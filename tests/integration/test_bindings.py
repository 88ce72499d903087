"""A binding from the city file to the store, on each broker, while ingest runs: topic, decoder, rights, series."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import paho.mqtt.client as paho
import psycopg
import pytest

from deploy.causes import Unreadiness
from deploy.embedded import ports
from deploy.embedded.accounts import ANNOUNCER, INBOX, INGEST
from deploy.embedded.admission import Admission
from deploy.embedded.bound_rights import BoundRights
from deploy.embedded.broker import Broker
from deploy.embedded.credentials import DeviceCredentials, service_accounts, service_secrets
from deploy.embedded.mosquitto import Mosquitto
from deploy.embedded.nats import Nats
from deploy.roles.announced_bindings import AnnouncedBindings, Announcement
from deploy.settings import Address
from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City
from ingest.sources.mqtt.announcer import Announcer
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sources.mqtt.kept_sessions import KeptSessions
from processors.intake.trial import provisional_ids
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests import towns
from tests.broker_kinds import Kind, installed
from tests.mqtt_client import connected
from tests.towns import electricity_meter, sending
from tests.waiting import until

pytestmark = pytest.mark.integration

NOON = 1_700_000_000_000
BINDING = {"name": "house", "topic": "house/{device}/state", "decoder": "pharos", "gateway": "bridge"}
PLUG = electricity_meter(
    sending("electricity_energy", field="total", unit="Wh"),
    name="plug",
    binding={"name": "house", "device": "plug-3"},
)
UNBOUND = towns.city(electricity_meter(name="main"))
BOUND = towns.city(electricity_meter(name="main"), PLUG, bindings=[BINDING])
STORED = """
    select device.name, quantity, value from reading join series using (series_id) join device using (device_id)
"""


@dataclass
class House:
    """A broker and who is let in there, by the rules of the embedded stack, with the registry of a database."""

    server: Broker
    admission: Admission
    secrets: dict[str, str]
    data: Path

    def url(self, user: str) -> str:
        """Return where a user connects, and as whom."""
        address = self.server.inner if user in {INGEST, ANNOUNCER, INBOX} else self.server.address
        return f"mqtt://{user}:{self.secrets[user]}@{address}"

    def may_publish(self, user: str) -> tuple[str, ...]:
        """Return what a user may publish on by now."""
        self.admission.renew()
        return next(account.may_publish for account in self.server.admitted if account.name == user)


@contextmanager
def house(kind: Kind, root: Path, database_url: str, *, anywhere: bool = False) -> Iterator[House]:
    data, home = root / "data", root / "broker"
    data.mkdir()
    home.mkdir()
    secrets, devices = service_secrets(data / "services.json"), DeviceCredentials(data / "devices.json")
    for device in ("bridge", "stranger"):
        secrets[f"harbour.{device}"] = devices.add("harbour", device, anywhere=anywhere)
    with closing(BoundRights(lambda: database_url, data)) as granted:
        server = kind(home / "server", Address("127.0.0.1", ports.choose()))
        services = service_accounts(secrets)
        admission = Admission(server, home, services, devices, lambda: True, granted)
        admission.renew()
        server.start()
        try:
            yield House(server, admission, secrets, data)
        finally:
            server.stop()


@pytest.fixture(params=[Nats, Mosquitto])
def kind(request: pytest.FixtureRequest) -> Kind:
    return installed(request.param)


@contextmanager
def ingesting(there: House, database_url: str) -> Iterator[None]:
    environment = {
        "PHAROS_DATABASE_URL": database_url,
        "PHAROS_MQTT_URL": there.url(INGEST),
        "PHAROS_FEEDBACK_URL": there.url(ANNOUNCER),
        "PHAROS_INBOX_URL": there.url(INBOX),
        "PHAROS_DATA": str(there.data),
    }
    command = [sys.executable, "-c", "from deploy.cli import main; main()", "ingest"]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _publish(client: paho.Client, topic: str, value: float) -> None:
    document = {"time": NOON, "values": {"total": value}}
    client.publish(topic, json.dumps(document).encode(), qos=1)


def _stored(database_url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(STORED).fetchall()


def test_a_city_file_that_is_applied_lets_its_gateway_speak_for_its_devices_and_nobody_else(
    kind: Kind, open_folder: Path, database_url: str
) -> None:
    with connect(database_url, "test") as connection, ExitStack() as running:
        sync(connection, [UNBOUND])
        there = running.enter_context(house(kind, open_folder, database_url))
        running.enter_context(ingesting(there, database_url))
        assert there.may_publish("harbour.bridge") == (
            "pharos/v1/harbour/bridge/telemetry",
            "pharos/v1/harbour/bridge/status",
        )
        sync(connection, [BOUND])
        until(lambda: there.may_publish("harbour.bridge") == ("house/+/state",))
        assert KeptSessions(there.data).filters() == {"house/+/state"}  # somebody listens before anybody may speak
        until(there.server.has_taken_note)
        bridge = running.enter_context(connected(there.url("harbour.bridge")))
        stranger = running.enter_context(connected(there.url("harbour.stranger")))
        _publish(stranger, "house/plug-3/state", 666)
        _publish(bridge, "house/plug-3/state", 1500)
        until(lambda: bool(_stored(database_url)))
        assert _stored(database_url) == [("plug", "electricity_energy", 1.5)]
        sync(connection, [UNBOUND])
        until(lambda: "house/+/state" not in there.may_publish("harbour.bridge"))


@pytest.mark.parametrize("kind", [Mosquitto], indirect=True)
def test_the_relay_hears_from_processors_which_topics_are_bound_and_knows_it_at_its_next_start(
    kind: type[Mosquitto], open_folder: Path, database_url: str
) -> None:
    current = [_catalogue(UNBOUND)]
    with house(kind, open_folder, database_url) as there, ExitStack() as running:
        announcer = running.enter_context(closing(Announcer(Endpoint.parse(there.url(ANNOUNCER)))))
        running.enter_context(closing(Announcement(announcer, lambda: current[0])))
        hear: Callable[[], AnnouncedBindings] = lambda: AnnouncedBindings(  # noqa: E731 - opened twice
            Endpoint.parse(there.url(INGEST)), there.data, Unreadiness()
        )
        with closing(hear()) as announced:
            assert announced() == ()
            current[0] = _catalogue(BOUND)
            until(lambda: announced() == ("house/+/state",))
        with closing(hear()) as announced:
            until(lambda: announced() == ("house/+/state",))


def _catalogue(city: City) -> Catalogue:
    return Catalogue([city], provisional_ids([city]))
