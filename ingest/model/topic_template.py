"""Templates of MQTT topics, ``zigbee2mqtt/{device}``: which topics they stand for, and what a topic says by its place.

A placeholder stands for one whole level, and is any name within braces; ``{device}`` names whom a message is of. The
last one may be left out by topics where it ends with a question mark: ``{device?}``.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import product, zip_longest
from typing import Final, NamedTuple, Self

DEVICE: Final = "device"

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\??\}")
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
        if any(level.endswith("?}") for level in (levels[:-1] if len(levels) > 1 else levels)):
            raise ValueError("expected a placeholder that may be left out as the last of several levels")
        names = [_name(level) for level in levels if _is_placeholder(level)]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"expected a placeholder once, not {{{twice}}} twice")
        return cls(text, levels)

    @property
    def is_open(self) -> bool:
        """Whether topics may leave out its last level."""
        return self.levels[-1].endswith("?}")

    @property
    def filter(self) -> str:
        """The MQTT filter of all topics it stands for: one, so that what is published there is heard in its order."""
        levels = ["+" if _is_placeholder(level) else level for level in self.levels]
        return "/".join([*levels[:-1], "#"] if self.is_open else levels)

    @property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """The levels of its topics: with the last one, and without it where that may be left out."""
        return (self.levels[:-1], self.levels) if self.is_open else (self.levels,)

    @property
    def names_device(self) -> bool:
        """Whether a topic says whom its messages are of."""
        return DEVICE in {_name(level) for level in self.levels if _is_placeholder(level)}

    def read(self, topic: Sequence[str]) -> Mapping[str, str] | None:
        """Return what the levels of a topic say for each placeholder; None where it is no topic of this template."""
        if len(topic) != len(self.levels) and not (self.is_open and len(topic) == len(self.levels) - 1):
            return None
        found = {}
        for own, level in zip(self.levels, topic, strict=False):
            if _is_placeholder(own) and level:
                found[_name(own)] = level
            elif own != level:
                return None
        return found

    def filled(self, given: Mapping[str, str], otherwise: str) -> str:
        """Return the topic, or the filter, with ``given`` for placeholders, and ``otherwise`` for all others."""
        return _filled(self.levels, given, otherwise)

    def all_filled(self, given: Mapping[str, str], otherwise: str) -> tuple[str, ...]:
        """Return the same of each of its forms."""
        return tuple(_filled(levels, given, otherwise) for levels in self.forms)

    def overlaps(self, other: "TopicTemplate") -> bool:
        """Whether there are topics of both."""
        return any(_overlap(one, two) for one, two in product(self.forms, other.forms))


def _filled(levels: Sequence[str], given: Mapping[str, str], otherwise: str) -> str:
    return "/".join(given.get(_name(level), otherwise) if _is_placeholder(level) else level for level in levels)


def _overlap(levels: Sequence[str], others: Sequence[str]) -> bool:
    pairs = zip_longest(levels, others)
    return all(
        None not in (one, two) and (one == two or _is_placeholder(str(one)) or _is_placeholder(str(two)))
        for one, two in pairs
    )


def is_level(text: str) -> bool:
    """Whether ``text`` can stand for a placeholder where it is written into rights: any broker takes it as it is."""
    return _LITERAL.fullmatch(text) is not None


def _is_placeholder(level: str) -> bool:
    return level.startswith("{")


def _name(placeholder: str) -> str:
    return placeholder.strip("{?}")


def _shown(level: str) -> str:
    return repr(level) if level else "an empty level"
