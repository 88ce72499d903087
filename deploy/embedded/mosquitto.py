"""The MQTT broker of the system instead of ours: Mosquitto, started and configured by the stack when asked for.

Its store is written every few seconds and at a clean stop: a kill -9 of the broker may lose what it acknowledged
since (the NATS server does not). The defaults of its queues would lose messages to a subscriber that lags. What
may be in flight fits into ingest's memory.

Devices have a listener of their own, where the client id is the user name whatever a client says: no device's
credential reaches another session. Our own processes have one on loopback, where no device's password is known.

HOME/inner-port   of that listener. It must stay: Mosquitto finds the rights of a session whose client is away by the
                  port that it had, and queues nothing without rights. For the same reason both read all rights.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from deploy.embedded import ports
from deploy.embedded.accounts import Account
from deploy.embedded.broker import Broker
from deploy.embedded.folder import write_private
from deploy.embedded.identity import unprivileged
from deploy.errors import BrokerError
from deploy.settings import Address

CONFIGURATION = """\
# Written by Pharos at every start.
per_listener_settings true
persistence true
persistence_location {home}/
autosave_interval 5
max_inflight_messages 8000
max_inflight_bytes 134217728
max_queued_messages 100000000
message_size_limit 1048576
set_tcp_nodelay true
connection_messages false
log_dest stderr
log_type error
log_type warning
log_type notice

listener {port} {host}
use_username_as_clientid true
allow_anonymous false
password_file {home}/passwords
acl_file {home}/rights

listener {inner_port} 127.0.0.1
allow_anonymous false
password_file {home}/passwords-of-services
acl_file {home}/rights
"""


class Mosquitto(Broker):
    """A Mosquitto; as root it runs under another identity, which owns its folder."""

    name = "Mosquitto"
    price = "a power cut or a kill -9 of it may lose what it acknowledged: it writes its queue every 5 seconds"
    configuration = "mosquitto.conf"

    def __init__(self, home: Path, address: Address, *, log: Path | None = None) -> None:
        super().__init__(home, address, log=log, identity=unprivileged())
        self._inner_port = 0

    @property
    def inner(self) -> Address:
        """Where our own processes connect; devices connect at ``address``."""
        return Address("127.0.0.1", self._inner_port)

    def launch(self) -> None:
        """Start it and return at once; raises BrokerError where the port of its queue is taken."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._end_leftovers()
        self._inner_port = self._kept_port()
        super().launch()

    def _kept_port(self) -> int:
        kept = self._home / "inner-port"
        if not kept.exists():
            write_private(kept, str(ports.choose()))
        port = int(kept.read_text())
        if not ports.is_free(port):
            raise BrokerError(
                f"port {port} of 127.0.0.1 is taken by another program; Mosquitto's queue is bound to it. End that "
                "program, then start again. Nothing was lost."
            )
        return port

    def _program(self) -> Path:
        return program()

    def _files(self, accounts: Sequence[Account]) -> dict[str, str]:
        host, port = self.address
        return {
            "mosquitto.conf": CONFIGURATION.format(host=host, port=port, inner_port=self._inner_port, home=self._home),
            "passwords": passwords([each for each in accounts if each.is_device]),
            "passwords-of-services": passwords([each for each in accounts if not each.is_device]),
            "rights": "\n".join(map(rights, accounts)),
        }


def passwords(accounts: Sequence[Account]) -> str:
    """Return Mosquitto's password file of ``accounts``."""
    return "".join(f"{each.name}:{each.verifier.pbkdf2}\n" for each in accounts)


def rights(account: Account) -> str:
    """Return the paragraph of ``account`` in Mosquitto's access control file."""
    publish = [f"topic write {topic}" for topic in account.may_publish]
    subscribe = [f"topic read {topic}" for topic in account.may_subscribe]
    barred = [f"topic deny {topic}" for topic in account.barred]
    return "\n".join([f"user {account.name}", *publish, *subscribe, *barred, ""])


def program() -> Path:
    """Return the path of the system's mosquitto; raise BrokerError when it is not installed."""
    found = shutil.which("mosquitto", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin:/usr/local/sbin")
    if found is None:
        raise BrokerError("mosquitto is not installed; install it (apt-get install mosquitto) or use --broker nats")
    return Path(found)
