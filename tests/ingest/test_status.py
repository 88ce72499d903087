"""What devices say of themselves is read, the latest of it, and rubbish is refused."""

import pytest

from ingest import status
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import DeviceStatus, RawMessage
from tests import towns
from tests.towns import heat_meter

TOPIC = "pharos/v1/harbour/KAM:1/status"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    ids = Ids({("harbour", "meter"): 7}, {("harbour", "meter", "volume"): 1})
    return Catalogue([towns.city(heat_meter("volume", native_id="KAM:1"))], ids)


def test_the_latest_of_several_statuses_counts_whatever_their_order(catalogue: Catalogue) -> None:
    messages = [RawMessage(TOPIC, b"online", 1), RawMessage(TOPIC, b"offline", 3), RawMessage(TOPIC, b"online", 2)]
    assert status.read(messages, catalogue) == ([DeviceStatus(7, online=False, at=3)], [])


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        (TOPIC, b"ONLINE?", "undecodable"),
        (TOPIC, b"\xff\x00", "undecodable"),
        ("pharos/v1/harbour/other/status", b"online", "unknown_device"),
        ("elsewhere", b"online", "unknown_device"),
    ],
)
def test_rubbish_is_refused_with_its_reason(catalogue: Catalogue, topic: str, payload: bytes, reason: str) -> None:
    statuses, (refusal,) = status.read([RawMessage(topic, payload, 1)], catalogue)
    assert not statuses
    assert refusal.reason == reason
