"""``pharos publish`` as a process against a real MQTT broker: retained entities, kills in the middle, its rights."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as paho
import pytest

from deploy.embedded import accounts, ports
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from tests.kpi_engine.outbound.written_figures import HARBOUR, WrittenFigures
from tests.mqtt_client import connected
from tests.waiting import until

if TYPE_CHECKING:
    from tests.conftest import RunningBroker

pytestmark = pytest.mark.integration

TOPIC = "pharos/figures/harbour/city/harbour/heat_delivered/month/2026-{:02}"


@contextmanager
def publishing(database_url: str, figures_url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the role; it is killed on leaving, as a power cut would."""
    environment = {
        **os.environ,
        "PHAROS_DATABASE_URL": database_url,
        "PHAROS_FIGURES_URL": figures_url,
        "PHAROS_PUBLIC_URL": "https://figures.example.org",
        "PHAROS_DATA": str(folder),
        "PHAROS_INTERNAL": f"127.0.0.1:{ports.choose()}",
    }
    arguments = [sys.executable, "-c", "from deploy.cli import main; main()", "publish"]
    with (folder / "publish.log").open("ab") as log:
        process = subprocess.Popen(arguments, env=environment, stderr=log)
    yield process
    process.kill()
    process.wait()


@contextmanager
def reading(url: str, topic: str) -> Iterator[list[paho.MQTTMessage]]:
    """Yield what a reader is sent meanwhile."""
    taken: list[paho.MQTTMessage] = []
    with connected(url) as client:
        client.on_message = lambda client, data, message: taken.append(message)
        subscribed: list[Any] = []
        client.on_subscribe = lambda *told: subscribed.append(told)
        client.subscribe(topic, qos=1)
        until(lambda: bool(subscribed))
        yield taken


def newest(taken: list[paho.MQTTMessage]) -> dict[str, int]:
    """Return the revision that a reader who replaces has, by topic."""
    return {one.topic: json.loads(one.payload)["revision"]["value"] for one in taken}


def test_revisions_are_retained_replaced_and_not_lost_by_a_kill_and_nobody_else_may_say_or_hear_them(
    broker: "RunningBroker", connection: Connection, database_url: str, tmp_path: Path
) -> None:
    for user, account in ((accounts.PUBLISHER, accounts.publisher), (accounts.READER, accounts.reader)):
        broker.admit(user, account)
    url: Callable[[str], str] = lambda user: f"mqtt://{user}:{broker.secrets[user]}@{broker.server.address}"  # noqa: E731
    connection.autocommit = False
    sync(connection, [HARBOUR])
    connection.commit()
    figures = WrittenFigures(connection)
    for month in (1, 2, 3):
        figures.write(month)
    wanted = {TOPIC.format(1): 1, TOPIC.format(2): 1, TOPIC.format(3): 1}
    with publishing(database_url, url(accounts.PUBLISHER), tmp_path):
        until(lambda: handed_on(connection) == 3)
    with reading(url(accounts.READER), "pharos/figures/#") as late:
        until(lambda: newest(late) == wanted)
        assert all(one.retain for one in late)
    lineage = json.loads(late[0].payload)["lineage"]["value"]
    assert lineage.startswith("https://figures.example.org/api/v1/kpis/heat_delivered/values/")

    broker.server.stop()  # the broker is away while figures are revised, and so is the role, in the end
    figures.write(2)
    with publishing(database_url, url(accounts.PUBLISHER), tmp_path):
        figures.write(4)
        time.sleep(1)
    assert handed_on(connection) == 3
    broker.server.start()
    with (
        reading(url(accounts.READER), "pharos/figures/#") as taken,
        publishing(database_url, url(accounts.PUBLISHER), tmp_path),
    ):
        until(lambda: newest(taken) == wanted | {TOPIC.format(2): 2, TOPIC.format(4): 1})

    with reading(broker.device_url("harbour", "meter-1"), "pharos/figures/#") as overheard:
        with connected(url(accounts.READER)) as forger:
            forger.publish(TOPIC.format(2), b"{}", qos=0, retain=True)
        with connected(broker.simulator_url) as forger:
            forger.publish(TOPIC.format(2), b"{}", qos=0, retain=True)
        with reading(url(accounts.READER), "pharos/figures/#") as after:
            until(lambda: newest(after).get(TOPIC.format(2)) == 2)
        assert overheard == []


def handed_on(connection: Connection) -> int:
    """Return the number of the last value that the role has handed on."""
    row = connection.execute("select max(through) from figure_handed_on").fetchone()
    connection.commit()
    return int(row[0] or 0) if row else 0
