"""Templates of MQTT topics, ``zigbee2mqtt/{device}``: which topics they stand for, and what a topic says by its place.

A placeholder stands for one whole level, and is any name within braces; ``{device}`` names whom a message is of.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple, Self

DEVICE: Final = "device"

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# What stands for itself: no wildcard, neither of MQTT nor of NATS, and nothing that ends a word in files of brokers.
_LITERAL: Final = re.compile(r"[!$-),.0-=?-\[\]-z|~-]+")
_LONGEST: Final = 200  # characters

EXPECTED: Final = (
    "expected a topic such as zigbee2mqtt/{device}: levels of letters, digits and signs, or a placeholder in braces "
    "for a whole level"
)


class TopicTemplate(NamedTuple):
    """Levels of a topic, each itself or, as ``{name}``, any level; ``text`` as it was written."""

    text: str
    levels: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the template that ``text`` is; raises ValueError saying what was expected."""
        levels = tuple(text.split("/"))
        for level in levels:
            if not (_PLACEHOLDER.fullmatch(level) or _LITERAL.fullmatch(level)):
                raise ValueError(f"{EXPECTED}; not {_shown(level)}")
        if levels[0].startswith("$"):
            raise ValueError("expected a topic that does not begin with $, which is the broker's own")
        if len(text) > _LONGEST:
            raise ValueError(f"expected a topic of at most {_LONGEST} characters, not {len(text)}")
        names = [level for level in levels if _is_placeholder(level)]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"expected a placeholder once, not {twice} twice")
        return cls(text, levels)

    @property
    def filter(self) -> str:
        """The MQTT filter of all topics it stands for."""
        return "/".join("+" if _is_placeholder(level) else level for level in self.levels)

    @property
    def names_device(self) -> bool:
        """Whether a topic says whom its messages are of."""
        return f"{{{DEVICE}}}" in self.levels

    def read(self, topic: Sequence[str]) -> Mapping[str, str] | None:
        """Return what the levels of a topic say for each placeholder; None where it is no topic of this template."""
        if len(topic) != len(self.levels):
            return None
        found = {}
        for own, level in zip(self.levels, topic, strict=True):
            if _is_placeholder(own) and level:
                found[own[1:-1]] = level
            elif own != level:
                return None
        return found

    def filled(self, given: Mapping[str, str], otherwise: str) -> str:
        """Return the topic, or the filter, with ``given`` for placeholders, and ``otherwise`` for all others."""
        return "/".join(given.get(level[1:-1], otherwise) if _is_placeholder(level) else level for level in self.levels)

    def overlaps(self, other: "TopicTemplate") -> bool:
        """Whether there are topics of both."""
        pairs = zip_longest(self.levels, other.levels)
        return all(
            None not in (one, two) and (one == two or _is_placeholder(str(one)) or _is_placeholder(str(two)))
            for one, two in pairs
        )


def is_level(text: str) -> bool:
    """Whether ``text`` can stand for a placeholder where it is written into rights: any broker takes it as it is."""
    return _LITERAL.fullmatch(text) is not None


def _is_placeholder(level: str) -> bool:
    return level.startswith("{")


def _shown(level: str) -> str:
    return repr(level) if level else "an empty level"
