"""The MQTT broker of the system instead of ours: Mosquitto, started and configured by the stack when asked for.

Its store is written every few seconds and at a clean stop: a kill -9 of the broker may lose what it acknowledged
since (the NATS server does not). The defaults of its queues would lose messages to a subscriber that lags. What
may be in flight fits into ingest's memory.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from deploy.embedded.accounts import Account
from deploy.embedded.broker import Broker
from deploy.embedded.identity import unprivileged
from deploy.errors import BrokerError
from deploy.settings import Address

CONFIGURATION = """\
# Written by Pharos at every start.
listener {port} {host}
allow_anonymous false
password_file {home}/passwords
acl_file {home}/rights
persistence true
persistence_location {home}/
autosave_interval 5
max_inflight_messages 8000
max_inflight_bytes 134217728
max_queued_messages 0
message_size_limit 1048576
set_tcp_nodelay true
connection_messages false
log_dest stderr
log_type error
log_type warning
log_type notice
"""


class Mosquitto(Broker):
    """A Mosquitto; as root it runs under another identity, which owns its folder."""

    name = "Mosquitto"
    price = "a power cut or a kill -9 of it may lose what it acknowledged: it writes its queue every 5 seconds"
    configuration = "mosquitto.conf"

    def __init__(self, home: Path, address: Address, *, log: Path | None = None) -> None:
        super().__init__(home, address, log=log, identity=unprivileged())

    def _program(self) -> Path:
        return program()

    def _files(self, accounts: Sequence[Account]) -> dict[str, str]:
        host, port = self.address
        return {
            "mosquitto.conf": CONFIGURATION.format(host=host, port=port, home=self._home),
            "passwords": passwords(accounts),
            "rights": "\n".join(map(rights, accounts)),
        }


def passwords(accounts: Sequence[Account]) -> str:
    """Return Mosquitto's password file of ``accounts``."""
    return "".join(f"{each.name}:{each.verifier.pbkdf2}\n" for each in accounts)


def rights(account: Account) -> str:
    """Return the paragraph of ``account`` in Mosquitto's access control file."""
    publish = [f"topic write {topic}" for topic in account.may_publish]
    subscribe = [f"topic read {topic}" for topic in account.may_subscribe]
    return "\n".join([f"user {account.name}", *publish, *subscribe, ""])


def program() -> Path:
    """Return the path of the system's mosquitto; raise BrokerError when it is not installed."""
    found = shutil.which("mosquitto", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin:/usr/local/sbin")
    if found is None:
        raise BrokerError("mosquitto is not installed; install it (apt-get install mosquitto) or use --broker nats")
    return Path(found)
