"""Paths on which devices and gateways post, ``shelly/{device}``: what stands after /api/v1/ingest/CITY/ in the address.

A message that came so is named as if by a topic, ``#http/CITY/PATH``: no topic of MQTT can be called so, since # is a
wildcard there. What follows knows one kind of name.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple, Self
from urllib.parse import parse_qsl

from ingest.model.topic_template import TopicTemplate

ROOT: Final = "#http"
PREFIX: Final = "/api/v1/ingest"
NOTIFICATIONS: Final = "v2/notify"  # where subscriptions of context brokers send to, with an address of its own

_LEVEL: Final = re.compile(r"[A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]*\}")
_DOTS: Final = frozenset({".", ".."})
_LONGEST: Final = 200  # characters

EXPECTED: Final = (
    "expected a path such as chirpstack, shelly/{device} or lorawan?event=up: levels of letters, digits, -, _, . and "
    "~, or a placeholder in braces for a whole level"
)


class HttpPath(NamedTuple):
    """Levels of a path, each itself or a placeholder, and what the query of a request must say to be taken."""

    levels: tuple[str, ...]
    query: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the path that ``text`` is; raises ValueError saying what was expected."""
        path, _, query = text.removeprefix("/").partition("?")
        levels = tuple(path.split("/"))
        for level in levels:
            if not _LEVEL.fullmatch(level) or level in _DOTS:
                raise ValueError(f"{EXPECTED}; not {level!r}" if level else f"{EXPECTED}; not an empty level")
        if len(text) > _LONGEST:
            raise ValueError(f"expected a path of at most {_LONGEST} characters, not {len(text)}")
        try:
            wanted = dict(parse_qsl(query, strict_parsing=True)) if query else {}
        except ValueError:
            raise ValueError(f"{EXPECTED}; not {query!r} as query") from None
        TopicTemplate.parse(path)  # no placeholder twice
        return cls(levels, wanted)

    def template(self, city: str) -> TopicTemplate:
        """Return the template of what messages of this path are named by, in a city."""
        levels = (ROOT, city, *self.levels)
        return TopicTemplate("/".join(levels), levels)


def named(city: str, path: str) -> str:
    """Return by what a message is named that was posted to ``path`` of a city."""
    return f"{ROOT}/{city}/{path}"


def is_path(topic: str) -> bool:
    """Whether a message was posted to a path, by what it is named by."""
    return topic.startswith(f"{ROOT}/")


def address(city: str, path: str) -> str:
    """Return where messages of a path are posted to, without the host."""
    below = path.removeprefix("/")
    return f"/{NOTIFICATIONS}" if below == NOTIFICATIONS else f"{PREFIX}/{city}/{below}"
