"""What the pages of formats show, through the broker: one gateway publishes their messages, all of it is stored."""

import json
import re
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

import cbor2
import psycopg
import pytest
import yaml

from deploy.embedded.nats import Nats
from ingest.decoders.senml_cbor import LABELS
from ingest.model.city.assets import City
from ingest.model.topic_template import TopicTemplate
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests.integration.test_bindings import STORED, house, ingesting
from tests.mqtt_client import connected
from tests.waiting import until

pytestmark = pytest.mark.integration

PAGES: Final = Path(__file__).parents[2] / "docs" / "formats"
BLOCK: Final = re.compile(r"^( *)```(yaml|json|text)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
FORMATS: Final = (
    *("senml_json", "senml_cbor", "chirpstack", "the_things_stack", "loriot", "thingpark"),
    *("zigbee2mqtt", "shelly", "tasmota", "wmbusmeters", "mbus", "dsmr", "mapping"),
)


def _shown(name: str) -> tuple[dict[str, Any], bytes]:
    """Return the city and the message of a page; SenML in CBOR is the pack of that in JSON."""
    page = (PAGES / f"{name.replace('_cbor', '_json')}.md").read_text(encoding="utf-8")
    blocks = [(kind, dedent(text)) for _, kind, text in BLOCK.findall(page)]
    declared = next(place for place, (kind, _) in enumerate(blocks) if kind == "yaml")
    city, message = yaml.safe_load(blocks[declared][1]), blocks[declared + 1][1]
    if name != "senml_cbor":
        return city, message.encode()
    labels = {label: number for number, label in LABELS.items()}
    pack = [{labels[label]: value for label, value in record.items()} for record in json.loads(message)]
    return city, cbor2.dumps(pack)


def _called(device: dict[str, Any]) -> str:
    """Return what payloads and topics call a device of a page."""
    bound = device["binding"] if isinstance(device["binding"], dict) else {}
    return str(bound.get("device") or device.get("native_id") or device["name"])


def _moved(device: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a device of the page ``name`` as one of the city of all pages, called as it was."""
    bound = device["binding"] if isinstance(device["binding"], dict) else {}
    binding = {**bound, "name": name, "device": _called(device)}
    moved = {key: value for key, value in device.items() if key != "native_id"}
    return {**moved, "name": f"{name}-{device['name']}", "site": f"{name}-{device['site']}", "binding": binding}


def test_the_message_of_each_page_reaches_the_store(open_folder: Path, database_url: str) -> None:
    document: dict[str, Any] = {}
    messages: list[tuple[str, bytes]] = []
    expected = set()
    for name in FORMATS:
        shown, message = _shown(name)
        (binding,) = shown["bindings"]
        topic = binding["topic"].replace("senml/", f"{name}/")
        given = {"device": _called(shown["devices"][0])}
        messages.append((TopicTemplate.parse(topic).filled(given, "any"), message))
        document = document or {**shown, "bindings": [], "sites": [], "devices": []}
        document["bindings"].append({**binding, "name": name, "topic": topic, "decoder": name, "gateway": "bridge"})
        document["sites"] += ({**site, "name": f"{name}-{site['name']}"} for site in shown["sites"])
        for device in shown["devices"]:
            document["devices"].append(_moved(device, name))
            expected |= {(f"{name}-{device['name']}", series["quantity"]) for series in device["series"]}
    with connect(database_url, "test") as connection, ExitStack() as running:
        sync(connection, [City.model_validate(document)])
        there = running.enter_context(house(Nats, open_folder, database_url))
        running.enter_context(ingesting(there, database_url))
        until(lambda: len(there.may_publish("harbour.bridge")) == len(FORMATS))
        until(there.server.has_taken_note)
        bridge = running.enter_context(connected(there.url("harbour.bridge")))
        for topic, message in messages:
            bridge.publish(topic, message, qos=1)
        until(lambda: _stored(database_url) >= expected)
    assert _stored(database_url) == expected


def _stored(database_url: str) -> set[tuple[object, object]]:
    with psycopg.connect(database_url) as connection:
        return {(device, quantity) for device, quantity, _ in connection.execute(STORED).fetchall()}
