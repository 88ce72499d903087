"""The native topics: ``pharos/v1/{city}/{device}/{channel}``; the device is named by its address (native id)."""

from enum import StrEnum
from typing import NamedTuple

ROOT = "pharos/v1"
BINDINGS = f"{ROOT}/bindings"  # the filters that are bound, retained, from processors to the relay
FIGURES = "pharos/figures"  # on which figures are handed on, for programs of others
PULLED = "pharos/pull"  # what answers are of that nobody publishes: they were asked for
_LEVELS = 5


class Channel(StrEnum):
    """What travels on a topic: towards us telemetry and status, back to the device feedback."""

    TELEMETRY = "telemetry"
    STATUS = "status"
    FEEDBACK = "feedback"


class Address(NamedTuple):
    """Whom a topic speaks of."""

    city: str
    device: str


def topic(city: str, device: str, channel: Channel) -> str:
    """Return the topic of a device's channel."""
    return f"{ROOT}/{city}/{device}/{channel}"


def subscription(channel: Channel) -> str:
    """Return the MQTT filter that matches a channel of every device."""
    return topic("+", "+", channel)


def parse(name: str) -> Address | None:
    """Return whom a topic of any channel speaks of, or None where it is not one of ours."""
    levels = name.split("/")
    if len(levels) != _LEVELS or not name.startswith(f"{ROOT}/") or levels[4] not in frozenset(Channel):
        return None
    return Address(levels[2], levels[3]) if levels[2] and levels[3] else None


def is_status(name: str) -> bool:
    """Whether a topic is one on which a device says of itself whether it is there."""
    return parse(name) is not None and name.endswith(f"/{Channel.STATUS}")
