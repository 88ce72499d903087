"""Who may connect to the broker and what each may do: the rights of the contract, in MQTT's own words.

Passwords are kept as hashes only, in two forms because the brokers share none: bcrypt for the NATS server, PBKDF2
in Mosquitto's ``$7$`` form. Both are cheap on purpose (one connect must not cost a second of a small machine), which
is safe for the long random secrets that Pharos issues and for nothing else.
"""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import pbkdf2_hmac
from hmac import compare_digest
from typing import Self

import bcrypt

from ingest.model.binding_rights import Rights
from ingest.model.sparkplug import COMMANDS
from ingest.topics import BINDINGS, FIGURES

SECRET_BYTES = 24
BCRYPT_COST = 8
PBKDF2_ROUNDS = 101  # what mosquitto_passwd uses
ROOT_TOPIC = "pharos/v1"
INGEST = "ingest"
ANNOUNCER = "announcer"
SIMULATOR = "simulator"
CANARY = "canary"
INBOX = "inbox"
PUBLISHER = "publisher"
READER = "reader"
OWN_TOPICS = "pharos/#"  # of our own, on which nobody speaks but who is known
NATIVE = Rights((), is_device=True)
CANARY_TOPIC = "pharos/canary"  # beside what devices say


@dataclass(frozen=True)
class Verifier:
    """What the brokers need to recognise a secret; the secret cannot be read from it."""

    bcrypt: str
    pbkdf2: str

    @classmethod
    def of(cls, secret: str) -> Self:
        """Return the verifier of ``secret``."""
        salt = secrets.token_bytes(12)
        digest = pbkdf2_hmac("sha512", secret.encode(), salt, PBKDF2_ROUNDS)
        mosquitto = f"$7${PBKDF2_ROUNDS}${b64encode(salt).decode()}${b64encode(digest).decode()}"
        return cls(bcrypt.hashpw(secret.encode(), bcrypt.gensalt(BCRYPT_COST)).decode(), mosquitto)

    def accepts(self, secret: str) -> bool:
        """Whether it is of ``secret``, compared in constant time."""
        _, _, rounds, salt, digest = self.pbkdf2.split("$")
        given = pbkdf2_hmac("sha512", secret.encode(), b64decode(salt), int(rounds))
        return compare_digest(given, b64decode(digest))


@dataclass(frozen=True)
class Account:
    """One user of the broker; topics are MQTT filters.

    ``keeps_queue``: its sessions hold what is not stored yet, so nobody else may ever take one over. ``is_unplaced``:
    it speaks on topics that nobody knows, or hears them. ``barred``: topics that it may neither publish on nor hear,
    whatever else it may.
    """

    name: str
    verifier: Verifier
    may_publish: tuple[str, ...] = ()
    may_subscribe: tuple[str, ...] = ()
    keeps_queue: bool = False
    is_device: bool = False
    is_unplaced: bool = False
    barred: tuple[str, ...] = ()


def new_secret() -> str:
    """Return a secret that nobody can guess."""
    return secrets.token_urlsafe(SECRET_BYTES)


def ingest(verifier: Verifier) -> Account:
    """Return the account of ingest, which reads what every device says, on whatever topic."""
    return Account(INGEST, verifier, may_subscribe=("#",), keeps_queue=True)


def announcer(verifier: Verifier, name: str = ANNOUNCER) -> Account:
    """Return the account that answers devices, asks edge nodes for births, tells what is bound, and reads nothing."""
    return Account(name, verifier, (f"{ROOT_TOPIC}/+/+/feedback", BINDINGS, COMMANDS))


def inbox(verifier: Verifier) -> Account:
    """Return the account that hears what is said on topics that nobody knows."""
    return Account(INBOX, verifier, may_subscribe=("#",), is_unplaced=True, barred=(OWN_TOPICS,))


def publisher(verifier: Verifier) -> Account:
    """Return the account that hands figures on, and reads nothing."""
    return Account(PUBLISHER, verifier, (f"{FIGURES}/#",))


def reader(verifier: Verifier) -> Account:
    """Return the account of programs of others, which read the figures that are handed on and say nothing.

    It connects where devices do.
    """
    return Account(READER, verifier, may_subscribe=(f"{FIGURES}/#",), is_device=True)


def canary(verifier: Verifier) -> Account:
    """Return the account that says something to itself, where ingest has its queue: what comes back was stored."""
    return Account(CANARY, verifier, (CANARY_TOPIC,), (CANARY_TOPIC,), keeps_queue=True)


def simulator(verifier: Verifier) -> Account:
    """Return the account of the simulator, which speaks for every device and reads the answers."""
    return Account(SIMULATOR, verifier, (f"{ROOT_TOPIC}/#",), (f"{ROOT_TOPIC}/+/+/feedback",))


def device(city: str, native_id: str, verifier: Verifier, granted: Rights = NATIVE) -> Account:
    """Return the account of a device, which speaks under its own native id and reads its own feedback only.

    An edge node reads its commands as well.
    ``granted``: what it may publish on by the bindings of its city; a gateway that is no device, on nothing else.
    """
    own = f"{ROOT_TOPIC}/{city}/{native_id}"
    native = (f"{own}/telemetry", f"{own}/status") if granted.is_device else ()
    published = (*native, *dict.fromkeys(right.published for right in granted.bound))
    read = (f"{own}/feedback", *granted.commanded)
    return Account(device_user(city, native_id), verifier, published, read, is_device=True)


def unplaced(city: str, native_id: str, verifier: Verifier, bound: Iterable[str]) -> Account:
    """Return the account of a device that no city file places yet: it speaks anywhere but on topics of others.

    ``bound``: the filters of the topics that bindings have.
    """
    user = device_user(city, native_id)
    return Account(user, verifier, ("#",), is_device=True, is_unplaced=True, barred=(OWN_TOPICS, *bound))


def device_user(city: str, native_id: str) -> str:
    """Return the user name of a device: ``city.native-id``, where a colon becomes a dot.

    A colon ends the name in Mosquitto's password file and in URLs; no city and no native id has a dot of its own.
    """
    return f"{city}.{native_id.replace(':', '.')}"
