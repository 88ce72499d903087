"""The configuration of the NATS server as MQTT broker; the numbers follow rules found by trying.

- A stream cap below the file store: at the file store's own limit even ingest could not connect to drain it.
- ``max_ack_pending`` at most 32,767, since a filter that ends in ``#`` counts twice against 65,535.
- ``max_ack_pending`` is also how much of one device's backlog ingest sees beside what others send meanwhile.
- ``max_pending`` above what ingest holds in memory, and ``write_deadline`` far above a transaction: a subscriber that
  is behind is waited for. Dropping it delivers everything in flight again, which makes it later still.
- ``ack_wait`` above the normal time to commit; it is also the delay before unacknowledged messages return.
- No limit on consumers: the default of 1,000 refuses further subscriptions, those of ingest included.
- The NATS and monitoring ports on loopback: they show client ids, and a client id is the key to a session's queue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.accounts import Account
from deploy.embedded.durability import Durability
from deploy.settings import Address

MAX_FILE_STORE_BYTES = 4 * 2**30
MAX_QUEUE_BYTES = 3 * 2**30
STEWARD = "steward"  # speaks NATS, caps the stream; no MQTT

TEMPLATE = """\
# Written by Pharos at every start and whenever a device's credential changes.
server_name: pharos
listen: "127.0.0.1:{nats_port}"
http: "127.0.0.1:{monitoring_port}"
max_connections: 20000
max_payload: 1MB
max_pending: 1GB
write_deadline: "60s"
jetstream {{
  store_dir: "{store}"
  max_memory_store: 64MB
  max_file_store: {max_file_store}
  sync_interval: "{sync_interval}"
  limits {{ default_max_consumers: -1 }}
}}
mqtt {{
  listen: "{mqtt}"
  ack_wait: "30s"
  max_ack_pending: 32000
  js_api_timeout: "10s"
}}
authorization {{
  timeout: 5
  users: [
    {{ user: "{steward}", password: "{steward_password}", allowed_connection_types: ["STANDARD"] }}
{users}
  ]
}}
"""

USER = """\
    {{ user: "{name}", password: "{password}", allowed_connection_types: ["MQTT"]
      permissions: {{ publish: {{ allow: [{publish}] }}, subscribe: {{ allow: [{subscribe}] }} }} }}"""


@dataclass(frozen=True)
class Places:
    """Where the server listens and keeps its store."""

    mqtt: Address
    nats_port: int
    monitoring_port: int
    store: Path


def render(places: Places, durability: Durability, steward_password: str, accounts: Sequence[Account]) -> str:
    """Return the configuration that lets ``accounts`` in by MQTT, each with its rights and nothing else."""
    return TEMPLATE.format(
        nats_port=places.nats_port,
        monitoring_port=places.monitoring_port,
        store=places.store,
        max_file_store=MAX_FILE_STORE_BYTES,
        sync_interval=durability.sync_interval,
        mqtt=places.mqtt,
        steward=STEWARD,
        steward_password=steward_password,
        users="\n".join(_user(account) for account in accounts),
    )


def subject(topic_filter: str) -> str:
    """Return the NATS subject of an MQTT filter: ``/`` is ``.``, a dot is ``//``, ``+`` is ``*``, ``#`` is ``>``."""
    levels = topic_filter.split("/")
    return ".".join({"+": "*", "#": ">"}.get(level, level.replace(".", "//")) for level in levels)


def _user(account: Account) -> str:
    # A subscription of quality of service 1 needs the server's own delivery subjects as well.
    subscribe = [*map(subject, account.may_subscribe), "$MQTT.sub.>"]
    return USER.format(
        name=account.name,
        password=account.verifier.bcrypt,
        publish=_quoted(map(subject, account.may_publish)),
        subscribe=_quoted(subscribe),
    )


def _quoted(subjects: Iterable[str]) -> str:
    return ", ".join(f'"{each}"' for each in subjects)
