"""The shape of topics on which nobody is expected: what messages of one sender have in common, as far as one can tell.

Where a format has usual topics, they say which level names the device. Elsewhere a level stands for itself, since it
may be who speaks; but for short numbers, which tell a phase, a channel or a port.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from ingest.decoder import Decoder
from ingest.decoders import DECODERS
from ingest.model.topic_template import DEVICE, TopicTemplate

_NUMBER: Final = re.compile(r"[0-9]{1,3}")
_LEVELS: Final = 8  # more than any format has; what is deeper is one with what it begins with
_LONGEST: Final = 200  # characters


def usual(topic: str) -> Iterator[tuple[Decoder, TopicTemplate]]:
    """Yield the formats whose usual topics ``topic`` is one of."""
    levels = topic.split("/")
    for decoder, template in _usual():
        if template.read(levels) is not None:
            yield decoder, template


def shape(topic: str) -> str:
    """Return what stands for all topics like ``topic``: a filter of MQTT, the name of the device in it if it says one.

    Whatever stands at the place of a short number is ``+``, and what is too deep ``#``.
    """
    for _, template in usual(topic):
        given = template.read(topic.split("/")) or {}
        return template.filled({DEVICE: given[DEVICE]} if DEVICE in given else {}, "+")[:_LONGEST]
    levels = ["+" if _NUMBER.fullmatch(level) else level for level in topic.split("/")]
    if len(levels) > _LEVELS:
        levels = [*levels[:_LEVELS], "#"]
    return "/".join(levels)[:_LONGEST]


@cache
def _usual() -> Sequence[tuple[Decoder, TopicTemplate]]:
    return [(decoder, TopicTemplate.parse(text)) for decoder in DECODERS.values() for text in decoder.topics]
