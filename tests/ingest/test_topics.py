"""Native topics name a city and a device, and nothing else passes for one."""

import pytest

from ingest.topics import Address, Channel, parse, subscription, topic


@pytest.mark.parametrize("channel", Channel)
def test_a_topic_of_any_channel_is_read_back(channel: Channel) -> None:
    assert parse(topic("harbour", "KAM:1", channel)) == Address("harbour", "KAM:1")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "pharos/v1/harbour/telemetry",
        "pharos/v2/harbour/meter/telemetry",
        "pharos/v1/harbour/meter/other",
        "pharos/v1//meter/telemetry",
        "pharos/v1/harbour//telemetry",
        "/pharos/v1/harbour/meter/telemetry/x",
    ],
)
def test_other_topics_speak_of_nobody(name: str) -> None:
    assert parse(name) is None


def test_a_subscription_covers_every_device() -> None:
    assert subscription(Channel.TELEMETRY) == "pharos/v1/+/+/telemetry"
