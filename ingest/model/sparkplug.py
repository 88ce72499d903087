"""Edge nodes of Sparkplug B: which topics are of one, and what is known of it between two of its messages.

Its messages mean something in their order only: data rest on births, and numbers say whether any is missing.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

NAMESPACE: Final = "spBv1.0"
HOSTS: Final = f"{NAMESPACE}/STATE/+"  # where applications that edge nodes may wait for say that they are there
COMMANDS: Final = f"{NAMESPACE}/+/NCMD/+"  # where any edge node is commanded
_LEVELS: Final = (4, 5)


class Birth(msgspec.Struct, frozen=True):
    """What a birth certificate said: the datatype of each metric by its name, and the names by their aliases.

    ``since``: when it was sent, in milliseconds since 1970, where it says so.
    """

    datatypes: Mapping[str, int] = {}
    names: Mapping[int, str] = {}
    since: int | None = None


class EdgeNode(msgspec.Struct, frozen=True):
    """``seq``: the number of its last message; ``bd_seq``: that of its connection, which births and deaths carry.

    ``births`` by device, that of the node itself under ""; they hold until the next ones, or its death.
    """

    seq: int | None = None
    bd_seq: int | None = None
    births: Mapping[str, Birth] = {}


UNBORN: Final = Birth()
UNKNOWN: Final = EdgeNode()


def edge_node(topic: str) -> str | None:
    """Return namespace, group and edge node of a topic, ``spBv1.0/GROUP/NODE``; None where it is not of one."""
    if not topic.startswith(NAMESPACE):
        return None
    levels = topic.split("/")
    return f"{NAMESPACE}/{levels[1]}/{levels[3]}" if len(levels) in _LEVELS and levels[0] == NAMESPACE else None


def in_order(topic: str) -> str:
    """Return what is shared by all topics whose messages have to be taken in the order of their arrival."""
    return edge_node(topic) or topic


def rebirth_topic(node: str) -> str:
    """Return the topic on which an edge node takes commands to itself."""
    return command_topics(node)[0]


def command_topics(node: str) -> tuple[str, str]:
    """Return the topics, or filters, on which an edge node takes commands to itself and to its devices."""
    _, group, name = node.split("/")
    return f"{NAMESPACE}/{group}/NCMD/{name}", f"{NAMESPACE}/{group}/DCMD/{name}/+"
