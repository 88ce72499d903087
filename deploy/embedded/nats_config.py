"""The configuration of the NATS server as MQTT broker; the numbers follow rules found by trying.

- Two accounts, since a session belongs to an account and, within it, to whoever knows its client id. Ingest has its
  sessions in an account of its own, PRIVATE. What devices publish in PUBLIC is stored there: the subject under which
  the server stores a message of quality of service 1 is imported from PRIVATE, whose stream acknowledges it. The stream
  of PUBLIC must not take that subject as well, so it takes feedback and figures only.
- Who speaks on topics that nobody knows, and who hears that, have an account of their own, UNPLACED: whatever is said
  there reaches nobody else. Its stream takes all, since the server acknowledges nothing that no stream has taken.
- A stream cap below the file store: at the file store's own limit even ingest could not connect to drain it.
- ``max_ack_pending`` at most 32,767, since a filter that ends in ``#`` counts twice against 65,535.
- ``max_ack_pending`` is also how much of one device's backlog ingest sees beside what others send meanwhile.
- ``max_pending`` above what ingest holds in memory, and ``write_deadline`` far above a transaction: a subscriber that
  is behind is waited for. Dropping it delivers everything in flight again, which makes it later still.
- ``ack_wait`` above the normal time to commit; it is also the delay before unacknowledged messages return.
- No limit on consumers: the default of 1,000 refuses further subscriptions, those of ingest included.
- No monitoring port: it needs no password and shows client ids. The NATS port is on loopback, for the stewards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.embedded.accounts import ROOT_TOPIC, Account
from deploy.embedded.durability import Durability
from deploy.settings import Address
from ingest.topics import FIGURES

MAX_FILE_STORE_BYTES: Final = 4 * 2**30
PRIVATE: Final = "PHAROS"
PUBLIC: Final = "DEVICES"
UNPLACED: Final = "UNPLACED"
RESERVED: Final = ("$MQTT.>", "$JS.>", "$SYS.>", "$KV.>")  # of the server
STORED: Final = "$MQTT.msgs."  # under which the server stores a message of quality of service 1


@dataclass(frozen=True)
class Queue:
    """What the stream of an account's MQTT sessions takes: subjects, and bytes until it refuses or drops the oldest."""

    subjects: tuple[str, ...]
    max_bytes: int
    refuses_when_full: bool


def subject(topic_filter: str) -> str:
    """Return the NATS subject of an MQTT filter: ``/`` is ``.``, a dot is ``//``, ``+`` is ``*``, ``#`` is ``>``."""
    levels = topic_filter.split("/")
    return ".".join({"+": "*", "#": ">"}.get(level, level.replace(".", "//")) for level in levels)


def subjects(topic_filter: str) -> tuple[str, ...]:
    """Return the NATS subjects of an MQTT filter: ``#`` at its end stands for no level as well, ``>`` does not."""
    parent = [topic_filter.removesuffix("/#")] if topic_filter.endswith("/#") else []
    return tuple(map(subject, [*parent, topic_filter]))


SPOKEN: Final = tuple(f"{ROOT_TOPIC}/+/+/{channel}" for channel in ("telemetry", "status"))
HEARD: Final = (subject(f"{ROOT_TOPIC}/+/+/feedback"), subject(f"{FIGURES}/#"))
QUEUES: Final = {
    PRIVATE: Queue((f"{STORED}>",), 3 * 2**30, refuses_when_full=True),
    PUBLIC: Queue(tuple(f"{STORED}{each}" for each in HEARD), 2**28, refuses_when_full=False),
    UNPLACED: Queue((f"{STORED}>",), 2**26, refuses_when_full=False),
}

TEMPLATE = """\
# Written by Pharos at every start and whenever a device's credential changes.
server_name: pharos
listen: "127.0.0.1:{nats_port}"
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
authorization {{ timeout: 5 }}
accounts {{
{accounts}
}}
"""

ACCOUNT = """\
  {name} {{
    jetstream: enabled
    users: [
      {{ user: "{steward}", password: "{steward_password}", allowed_connection_types: ["STANDARD"] }}
{users}
    ]
    exports: [ {exports} ]
    imports: [ {imports} ]
  }}"""

USER = """\
      {{ user: "{name}", password: "{password}", allowed_connection_types: ["MQTT"]
        permissions: {{ publish: {{ {publish} }}, subscribe: {{ allow: [{subscribe}] }} }} }}"""


@dataclass(frozen=True)
class Places:
    """Where the server listens and keeps its store."""

    mqtt: Address
    nats_port: int
    store: Path


def render(
    places: Places,
    durability: Durability,
    steward_password: str,
    accounts: Sequence[Account],
    bound: Sequence[str] = (),
) -> str:
    """Return the configuration that lets ``accounts`` in by MQTT, each with its rights and nothing else.

    ``bound``: the filters of the topics beside the native ones that ingest has a queue for.
    """
    private = [account for account in accounts if account.keeps_queue]
    unplaced = [account for account in accounts if account.is_unplaced]
    public = [account for account in accounts if not (account.keeps_queue or account.is_unplaced)]
    spoken = [each for topics in (*SPOKEN, *bound) for each in subjects(topics)]
    kept = [f"{STORED}{each}" for each in spoken]
    return TEMPLATE.format(
        nats_port=places.nats_port,
        store=places.store,
        max_file_store=MAX_FILE_STORE_BYTES,
        sync_interval=durability.sync_interval,
        mqtt=places.mqtt,
        accounts="\n".join(
            (
                _account(
                    PRIVATE, steward_password, private, _exports("service", kept), _imports("stream", PUBLIC, spoken)
                ),
                _account(
                    PUBLIC, steward_password, public, _exports("stream", spoken), _imports("service", PRIVATE, kept)
                ),
                _account(UNPLACED, steward_password, unplaced, [], []),
            )
        ),
    )


def steward(account: str) -> str:
    """Return the user that administers an account's streams by NATS, and does nothing by MQTT."""
    return f"steward-of-{account}"


def _account(name: str, steward_password: str, users: Sequence[Account], exports: list[str], imports: list[str]) -> str:
    return ACCOUNT.format(
        name=name,
        steward=steward(name),
        steward_password=steward_password,
        users="\n".join(map(_user, users)),
        exports=", ".join(exports),
        imports=", ".join(imports),
    )


def _exports(kind: str, subjects: Iterable[str]) -> list[str]:
    return [f'{{ {kind}: "{each}" }}' for each in subjects]


def _imports(kind: str, account: str, subjects: Iterable[str]) -> list[str]:
    return [f'{{ {kind}: {{ account: "{account}", subject: "{each}" }} }}' for each in subjects]


def _user(account: Account) -> str:
    # A subscription of quality of service 1 needs the server's own delivery subjects as well.
    subscribe = [*(each for topic in account.may_subscribe for each in subjects(topic)), "$MQTT.sub.>"]
    barring = [each for topic in account.barred for each in subjects(topic)]
    barred = _quoted([*barring, *RESERVED]) if account.is_unplaced else ""
    return USER.format(
        name=account.name,
        password=account.verifier.bcrypt,
        # An empty list of what is allowed would allow everything.
        publish=f"allow: [{_quoted(map(subject, account.may_publish))}]{barred and f', deny: [{barred}]'}"
        if account.may_publish
        else 'deny: [">"]',
        subscribe=_quoted(subscribe),
    )


def _quoted(subjects: Iterable[str]) -> str:
    return ", ".join(f'"{each}"' for each in subjects)
