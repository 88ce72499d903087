"""Topics of Kafka whose records are messages: ``meters``, or ``meters/{device}`` where the key of each is its device.

A record is named as if by a topic, ``#kafka/TOPIC`` or ``#kafka/TOPIC/KEY``: no topic of MQTT can be called so, since #
is a wildcard there. What follows knows one kind of name.
"""

import re
from typing import Final, NamedTuple, Self

from ingest.model.topic_template import DEVICE, TopicTemplate

ROOT: Final = "#kafka"
OWN: Final = "pharos."  # what the topics of the bus begin with

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,200}")
_BY_KEY: Final = f"/{{{DEVICE}}}"
EXPECTED: Final = (
    f"expected a topic of Kafka such as meters, or meters{_BY_KEY} where the key of a record is what its device is "
    f"called: letters, digits, ., _ and -, and none of {OWN}*, which are the bus's own"
)


class KafkaTopic(NamedTuple):
    """A topic by its name, and whether the key of a record says whom it is of."""

    name: str
    is_by_key: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the topic that ``text`` is; raises ValueError saying what was expected."""
        name = text.removesuffix(_BY_KEY)
        if not _NAME.fullmatch(name) or name.startswith(OWN) or name in {".", ".."}:
            raise ValueError(f"{EXPECTED}; not {text!r}")
        return cls(name, text != name)

    @property
    def template(self) -> TopicTemplate:
        """The template of what its records are named by."""
        levels = (ROOT, self.name, f"{{{DEVICE}}}") if self.is_by_key else (ROOT, self.name)
        return TopicTemplate("/".join(levels), levels)

    def named(self, key: bytes | None) -> str:
        """Return by what a record is named; without a key that can be read, by its topic alone."""
        if not self.is_by_key or not key:
            return f"{ROOT}/{self.name}"
        return f"{ROOT}/{self.name}/{key.decode('utf-8', 'backslashreplace')}"
