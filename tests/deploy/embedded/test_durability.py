"""What a power cut may cost is a choice, and its price is said."""

from pathlib import Path

import pytest

from deploy.embedded import ports
from deploy.embedded.durability import Durability
from deploy.embedded.folder import DataFolder
from deploy.embedded.mosquitto import Mosquitto
from deploy.embedded.nats import Nats
from deploy.embedded.stack import Stack
from deploy.embedded.wishes import BrokerKind, Wishes
from deploy.errors import SettingsError
from deploy.settings import Address


def wishes(broker: BrokerKind, durability: Durability) -> Wishes:
    http, mqtt = (Address("127.0.0.1", port) for port in ports.several(2))
    return Wishes(http, mqtt, broker, durability=durability)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("durability", "interval", "price"),
    [(Durability.SECOND, "1s", "8 to 20 %"), (Durability.ALWAYS, "always", "loses no acknowledged message")],
)
def test_the_nats_server_takes_the_durability_that_was_asked_for(
    tmp_path: Path, durability: Durability, interval: str, price: str
) -> None:
    stack = Stack(DataFolder(tmp_path / "data"), wishes(BrokerKind.NATS, durability), lambda _: None)
    stack.broker.start()
    stack.broker.stop()
    assert f'sync_interval: "{interval}"' in (tmp_path / "data" / "nats" / "broker.conf").read_text()
    assert price in stack.broker.price


def test_a_second_is_the_default() -> None:
    assert Nats(Path("home"), Address("127.0.0.1", 1)).price == Durability.SECOND.price


@pytest.mark.process
def test_mosquitto_cannot_promise_always_and_says_what_it_does(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="a promise of --broker nats") as refused:
        Stack(DataFolder(tmp_path / "data"), wishes(BrokerKind.MOSQUITTO, Durability.ALWAYS), lambda _: None)
    assert Mosquitto.price in str(refused.value)
