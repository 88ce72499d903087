"""What the embedded broker dropped since nobody had the right to say it, as its log tells.

The NATS server logs each with the client id and the subject; it acknowledges them all the same, so nobody else would
know. Mosquitto tells of them only where it logs every message, which it does not here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_DENIED: Final = re.compile(
    r"^\[\d+\] (?P<at>\S+ [0-9:]+)\.\d+ \[ERR\] .*?"
    r' - "(?P<client>[^"]*)" - Publish Violation - .*Subject "(?P<subject>[^"]*)"'
)
_MOST: Final = 1_000  # clients and topics that are told apart


@dataclass(frozen=True)
class Denied:
    """Messages of one client on one topic that were dropped; ``last_at`` by the clock of this machine."""

    client: str
    topic: str
    messages: int
    last_at: str


def denied(log: Path) -> list[Denied]:
    """Return what ``log`` says was dropped, the most first; nothing where there is no log."""
    counts: dict[tuple[str, str], tuple[int, str]] = {}
    if not log.is_file():
        return []
    with log.open(encoding="utf-8", errors="backslashreplace") as lines:
        for line in lines:
            if " Publish Violation " in line and (found := _DENIED.match(line)):
                key = found["client"], topic(found["subject"])
                if key in counts or len(counts) < _MOST:
                    counts[key] = counts.get(key, (0, ""))[0] + 1, found["at"]
    return _listed(counts)


def topic(subject: str) -> str:
    """Return the MQTT topic of a NATS subject: ``.`` is ``/``, and a dot ``//``."""
    return subject.replace("//", "\0").replace(".", "/").replace("\0", ".")


def _listed(counts: Mapping[tuple[str, str], tuple[int, str]]) -> list[Denied]:
    found = [Denied(client, name, count, at) for (client, name), (count, at) in counts.items()]
    return sorted(found, key=lambda one: (-one.messages, one.client, one.topic))
