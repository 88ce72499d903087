"""The topics of Sparkplug B: ``spBv1.0/GROUP/TYPE/EDGE_NODE``, and with the device where a message is of one."""

from enum import StrEnum
from typing import Final, NamedTuple, Self

from ingest.errors import DecodeError
from ingest.model.bindings import BoundTopics
from ingest.model.sparkplug import NAMESPACE, edge_node

_LEVELS_OF_DEVICE: Final = 5
MESSAGE: Final = "message"  # the placeholder of a template that stands for the type
_EXPECTED: Final = f"{NAMESPACE}/GROUP/{{{MESSAGE}}}/NODE/{{device?}}, with group and edge node as they are called"


class MessageType(StrEnum):
    """What a message is."""

    NBIRTH = "NBIRTH"
    DBIRTH = "DBIRTH"
    NDATA = "NDATA"
    DDATA = "DDATA"
    NDEATH = "NDEATH"
    DDEATH = "DDEATH"
    NCMD = "NCMD"
    DCMD = "DCMD"

    @property
    def is_command(self) -> bool:
        """Whether it goes to the edge node, and says nothing of it."""
        return self in {MessageType.NCMD, MessageType.DCMD}


class Heading(NamedTuple):
    """What a topic says: of whom a message is, and what; ``device`` is empty of the edge node itself.

    ``node``: namespace, group and edge node.
    """

    node: str
    kind: MessageType
    device: str = ""

    @classmethod
    def of(cls, topic: str) -> Self:
        """Return what ``topic`` says; raises DecodeError where it is none of Sparkplug B."""
        levels, node = topic.split("/"), edge_node(topic)
        kind = next((each for each in MessageType if each == levels[2]), None) if node else None
        if node is None or kind is None or kind.startswith("D") != (len(levels) == _LEVELS_OF_DEVICE):
            kinds = ", ".join(MessageType)
            raise DecodeError(f"expected a topic {_EXPECTED}, where message is one of {kinds}")
        return cls(node, kind, levels[-1] if kind.startswith("D") else "")

    @property
    def speaker(self) -> str:
        """How the one that it is of is called: the device, or the edge node."""
        return self.device or self.node.rpartition("/")[2]


def fault(bound: BoundTopics) -> tuple[str, str] | None:
    """Return the key of a binding that is at fault and what is expected there; None where births would be heard."""
    levels = bound.template.levels
    is_whole = bound.template.is_open and edge_node("/".join(levels)) is not None and len(levels) == _LEVELS_OF_DEVICE
    if not is_whole or levels[2] != f"{{{MESSAGE}}}":
        return "topic", f"expected {_EXPECTED}: births, data and deaths of node and devices are read together"
    if bound.gateway is None:
        return "gateway", "expected the native id of the edge node, which publishes for its devices"
    return None
