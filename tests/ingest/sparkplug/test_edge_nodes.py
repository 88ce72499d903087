"""An edge node and its devices through the resolver: whose its readings are, who is there, and what is asked of it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders import DECODERS
from ingest.limits import DEFAULT
from ingest.model.binding_rights import rights
from ingest.model.catalogue import Catalogue
from ingest.model.observation import RawMessage, Resolved
from ingest.model.sparkplug import EdgeNode, edge_node, in_order
from ingest.payload_fields import faults
from ingest.resolve import Resolver
from ingest.sparkplug.payload import DataType, Tag, read
from ingest.sparkplug.protobuf import field
from ingest.sparkplug.rebirths import CONTROL, EVERY, Rebirths
from processors.intake.trial import provisional_ids
from simulators import edge_node as simulated
from tests import towns
from tests.towns import Declared, electricity_meter, sending

START = 1_782_907_200_000_000
TEMPLATE = "spBv1.0/harbour/{message}/plant-7/{device?}"
BINDING: Declared = {"name": "plant", "topic": TEMPLATE, "decoder": "sparkplug_b", "gateway": "plant-7"}
IMPORT, EXPORT = "Energy/Import", "Energy/Export"
METER = electricity_meter(sending("electricity_energy", field=IMPORT), name="meter-1", binding="plant")
FEED_IN = electricity_meter(
    sending("electricity_energy", field=EXPORT),
    name="feed-in",
    direction="production",
    binding={"name": "plant", "device": "meter-1"},
)
VALUES = {"meter-1": {IMPORT: 1.0, EXPORT: 2.0}}


class Ingest:
    """The resolver of a city, with what is stored of its edge nodes; ``restart`` forgets what was in memory."""

    def __init__(self, *devices: Declared) -> None:
        city = towns.city(*(devices or (METER, FEED_IN)), bindings=[BINDING])
        self.catalogue = Catalogue([city], provisional_ids([city]))
        self.stored: dict[str, EdgeNode] = {}
        self.resolver = Resolver(self.catalogue, DECODERS["pharos"], recall=self.stored.get)

    def restart(self) -> None:
        """Go on as another process would."""
        self.resolver = Resolver(self.catalogue, DECODERS["pharos"], recall=self.stored.get)

    def take(self, *messages: simulated.Message, is_stored: bool = True) -> Resolved:
        """Resolve messages that arrive together."""
        raw = [RawMessage(one.topic, one.payload, START + 3_600_000_000) for one in messages]
        resolved = self.resolver.resolve(raw)
        if is_stored:
            self.stored |= resolved.edge_nodes
        return resolved

    def values(self, resolved: Resolved) -> list[tuple[str, float]]:
        """Return the readings, by the names of their devices."""
        devices = [self.catalogue.series[each].device for each in resolved.batch.series_id.tolist()]
        return list(zip(devices, resolved.batch.value.tolist(), strict=True))

    def online(self, resolved: Resolved) -> dict[str, bool]:
        """Return what is said of devices, whether they are there."""
        names = {device.device_id: device.name for device in self.catalogue.devices.values()}
        return {names[status.device_id]: status.online for status in resolved.statuses}


@pytest.fixture
def node() -> simulated.EdgeNode:
    return simulated.EdgeNode("harbour", "plant-7", {"meter-1": [IMPORT, EXPORT]})


def test_births_and_data_are_readings_of_the_devices_that_take_their_metrics(node: simulated.EdgeNode) -> None:
    ingest = Ingest()
    born = ingest.take(*node.connect(START, VALUES))
    assert ingest.values(born) == [("meter-1", 1.0), ("feed-in", 2.0)]
    assert ingest.online(born) == {"meter-1": True, "feed-in": True}
    told = ingest.take(node.report("meter-1", START + 60_000_000, {IMPORT: 1.5}))
    assert ingest.values(told) == [("meter-1", 1.5)]
    assert told.batch.time.tolist() == [START + 60_000_000]
    assert (born.refusals, told.refusals, born.asked | told.asked) == ([], [], frozenset())


def test_the_death_of_the_edge_node_is_that_of_its_devices(node: simulated.EdgeNode) -> None:
    ingest = Ingest()
    ingest.take(*node.connect(START, VALUES))
    dead = ingest.take(node.death())
    assert ingest.online(dead) == {"meter-1": False, "feed-in": False}
    assert (len(dead.batch), dead.refusals) == (0, [])


def test_what_an_edge_node_says_of_itself_is_taken_where_it_is_a_device_and_else_left_out() -> None:
    metric = field(Tag.NAME, IMPORT.encode()) + field(Tag.DATATYPE, DataType.INT32) + field(Tag.INT, 7)
    birth = simulated.Message("spBv1.0/harbour/NBIRTH/plant-7", field(Tag.PAYLOAD_METRIC, metric))
    left_out = Ingest().take(birth)
    assert (len(left_out.batch), left_out.refusals) == (0, [])
    itself = electricity_meter(sending("electricity_energy", field=IMPORT), name="plant-7", binding="plant")
    ingest = Ingest(METER, itself)
    born = ingest.take(birth)
    assert (ingest.values(born), ingest.online(born)) == ([("plant-7", 7.0)], {"plant-7": True})


def test_a_restart_goes_on_with_the_births_that_were_stored(node: simulated.EdgeNode) -> None:
    ingest = Ingest()
    ingest.take(*node.connect(START, VALUES))
    ingest.restart()
    told = ingest.take(node.report("meter-1", START + 1_000_000, {EXPORT: 2.5}))
    assert ingest.values(told) == [("feed-in", 2.5)]
    assert told.asked == frozenset()


def test_what_was_not_stored_is_heard_again_and_is_no_gap(node: simulated.EdgeNode) -> None:
    ingest = Ingest()
    ingest.take(*node.connect(START, VALUES))
    report = node.report("meter-1", START + 1_000_000, {IMPORT: 1.5})
    assert ingest.take(report, is_stored=False).refusals == ingest.take(report).refusals == []


def test_a_gap_is_told_to_the_device_and_its_edge_node_is_asked(node: simulated.EdgeNode) -> None:
    ingest = Ingest()
    ingest.take(*node.connect(START, VALUES))
    node.report("meter-1", START + 1_000_000, {IMPORT: 1.5})
    told = ingest.take(node.report("meter-1", START + 2_000_000, {IMPORT: 1.75}))
    assert ingest.values(told) == [("meter-1", 1.75)]
    (refusal,) = told.refusals
    assert (refusal.reason, refusal.readings, refusal.device, refusal.field) == ("sequence_gap", 0, "meter-1", "seq")
    assert told.asked == {"spBv1.0/harbour/plant-7"}
    assert ingest.take(*node.births(START + 3_000_000, VALUES)).asked == frozenset()


def test_births_in_the_same_batch_as_the_gap_are_not_asked_for(node: simulated.EdgeNode) -> None:
    ingest = Ingest()
    lost = list(node.connect(START, VALUES))
    report = node.report("meter-1", START + 1_000_000, {IMPORT: 1.5})
    assert lost
    assert ingest.take(report, *node.births(START + 3_000_000, VALUES)).asked == frozenset()


@given(st.lists(st.sampled_from(["report", "lose", "connect", "lose births", "die", "restart", "answer"]), max_size=30))
@settings(max_examples=min(30, settings().max_examples))
def test_whatever_is_lost_no_metric_is_taken_for_another(steps: list[str]) -> None:
    node, ingest, asked = simulated.EdgeNode("harbour", "plant-7", {"meter-1": [IMPORT, EXPORT]}), Ingest(), False
    at = START
    for _ in ingest.take(*node.connect(at, VALUES)).asked:
        asked = True
    for number, step in enumerate(steps, 1):
        at, values = START + number * 1_000_000, {IMPORT: 1000.0 + number, EXPORT: 2000.0 + number}
        heard: list[simulated.Message] = []
        if step == "restart":
            ingest.restart()
        elif step in {"connect", "lose births"}:
            heard = [node.death()]  # of quality 1: it comes, however late
            births = list(node.connect(at, {"meter-1": values}))
            heard += births if step == "connect" else []
        elif step == "answer":
            heard = list(node.births(at, {"meter-1": values})) if asked else []
        elif step == "die":
            heard = [node.death()]
        else:
            report = node.report("meter-1", at, values)
            heard = [report] if step == "report" else []
        resolved = ingest.take(*heard)
        asked = bool(resolved.asked) or (asked and step != "answer")
        taken = ingest.values(resolved)
        assert all((device == "meter-1") == (value < 2000) for device, value in taken)
        if step == "report":
            assert len(taken) == 2 or asked, "what is not taken is asked for"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"topic": "spBv1.0/harbour/{message}/plant-7/{device}"}, "births, data and deaths"),
        ({"topic": "plant/{message}/plant-7/{device?}"}, "births, data and deaths"),
        ({"topic": "spBv1.0/harbour/DDATA/plant-7/{device?}"}, "births, data and deaths"),
        ({"gateway": None}, "native id of the edge node"),
    ],
)
def test_a_binding_that_would_not_hear_births_is_a_fault(change: dict[str, Any], expected: str) -> None:
    city = towns.city(METER, bindings=[{**BINDING, **change}])
    (fault,) = (text for key, text in faults(city) if key.startswith("bindings[0]"))
    assert expected in fault


def test_an_edge_node_may_publish_and_is_commanded_on_its_own_topics_only() -> None:
    granted = rights([towns.city(METER, bindings=[BINDING])])["harbour", "plant-7"]
    assert {right.listened for right in granted.bound} == {"spBv1.0/harbour/+/plant-7/#"}
    assert [right.published for right in granted.bound] == [
        "spBv1.0/harbour/+/plant-7",
        "spBv1.0/harbour/+/plant-7/+",
    ]
    assert granted.commanded == (
        "spBv1.0/harbour/NCMD/plant-7",
        "spBv1.0/harbour/DCMD/plant-7/+",
        "spBv1.0/STATE/+",
    )


def test_a_node_is_asked_once_until_it_had_time_to_answer() -> None:
    rebirths, name = Rebirths(), "spBv1.0/harbour/plant-7"
    rebirths.want([name])
    ((topic, payload),) = rebirths.due(START)
    assert topic == "spBv1.0/harbour/NCMD/plant-7"
    (metric,) = read(payload, DEFAULT).metrics
    assert (metric.name, metric.value) == (CONTROL, True)
    rebirths.want([name])
    assert list(rebirths.due(START + EVERY - 1)) == []
    assert len(list(rebirths.due(START + EVERY))) == 1
    assert list(rebirths.due(START + 2 * EVERY)) == []


@pytest.mark.parametrize(
    ("topic", "shared"),
    [
        ("spBv1.0/harbour/NBIRTH/plant-7", "spBv1.0/harbour/plant-7"),
        ("spBv1.0/harbour/DDATA/plant-7/meter-1", "spBv1.0/harbour/plant-7"),
        ("spBv1.0/STATE/host", "spBv1.0/STATE/host"),
        ("spBv1.0x/a/b/c", "spBv1.0x/a/b/c"),
        ("pharos/v1/harbour/meter/telemetry", "pharos/v1/harbour/meter/telemetry"),
    ],
)
def test_topics_of_an_edge_node_share_their_order(topic: str, shared: str) -> None:
    assert in_order(topic) == shared
    assert (edge_node(topic) is not None) == (topic != shared)
