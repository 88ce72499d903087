"""Bindings of topics of Kafka: what they say, what is wrong with them, and by what their records are named."""

import pytest

from ingest.model.bindings import Bindings
from ingest.model.kafka_topic import KafkaTopic
from tests import towns
from tests.towns import Declared, electricity_meter

BY_KEY: Declared = {"name": "meters", "kafka": "city.meters/{device}", "decoder": "pharos"}
BY_PAYLOAD: Declared = {"name": "hub", "kafka": "hub", "decoder": "ngsi_ld"}
METER = electricity_meter(native_id="M1", binding="meters")


def told(*bindings: Declared) -> list[str]:
    """Return what is wrong with a city of these bindings, each with its key."""
    return towns.wrong(towns.town(electricity_meter(), bindings=list(bindings)))


@pytest.mark.parametrize(
    ("topic", "key", "name"),
    [
        ("city.meters/{device}", b"M1", "#kafka/city.meters/M1"),
        ("city.meters/{device}", None, "#kafka/city.meters"),
        ("city.meters", b"M1", "#kafka/city.meters"),
        ("city.meters/{device}", b"\xff", "#kafka/city.meters/\\xff"),
    ],
)
def test_a_record_is_named_by_its_topic_and_by_its_key_where_that_is_a_device(
    topic: str, key: bytes | None, name: str
) -> None:
    assert KafkaTopic.parse(topic).named(key) == name


def test_records_are_of_their_binding_and_no_session_at_the_broker_is_opened_for_them() -> None:
    everything = {"name": "all", "topic": "{a}/{b}/{c}", "decoder": "pharos", "gateway": "bridge"}
    bindings = Bindings([towns.city(METER, bindings=[everything, BY_KEY, BY_PAYLOAD])])
    found = bindings.of("#kafka/city.meters/M1")
    assert found
    assert (found[0].name, found[1]) == ("meters", {"device": "M1"})
    assert bindings.of("#kafka/city.meters") is None
    assert bindings.of("city.meters/M1") is None
    assert bindings.filters == ("+/+/+",)
    assert {name: one.is_by_key for name, one in bindings.records.items()} == {"city.meters": True, "hub": False}


@pytest.mark.parametrize(
    ("bindings", "key", "expected"),
    [
        ([{**BY_KEY, "kafka": "pharos.v1.telemetry"}], "bindings[0].kafka", "none of pharos.*"),
        ([{**BY_KEY, "kafka": "meters/{room}"}], "bindings[0].kafka", "expected a topic of Kafka such as meters"),
        ([{**BY_KEY, "gateway": "bridge"}], "bindings[0]", "who may write to Kafka, Kafka knows"),
        ([{**BY_KEY, "path": "x"}], "bindings[0]", "expected one of topic"),
        (
            [BY_KEY, {**BY_PAYLOAD, "kafka": "city.meters"}],
            "bindings[1].kafka",
            "those of meters (city.meters/{device}",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_key(bindings: list[Declared], key: str, expected: str) -> None:
    (fault,) = told(*bindings)
    assert fault.startswith(f"{key}: ")
    assert expected in fault
