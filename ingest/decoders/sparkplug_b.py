"""Sparkplug B 3.0: births, data and deaths of an edge node and its devices, as Protocol Buffers on topics of its own.

After the Eclipse Sparkplug Specification 3.0.0 (recalled). A metric is named in a birth, and told by an alias from then
on; so what a message means is found from what the edge node said before (``ingest.sparkplug``). Without a topic, as a
trial of one payload, only metrics that say their name and datatype themselves are read.
"""

from typing import Final

from ingest.decoder import Decoder, Flaw, Sample
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.edge_nodes import EdgeNodes
from ingest.model.sparkplug import UNBORN
from ingest.reasons import Reason
from ingest.sparkplug import payload as payloads
from ingest.sparkplug import topics
from ingest.sparkplug.edge_node import interpreted, readings
from ingest.sparkplug.topics import Heading, MessageType


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return what the metrics of a payload say by themselves; raises DecodeError where it is none of Sparkplug B."""
    samples, flaws, unnamed = readings(payloads.read(payload, limits), UNBORN)
    if unnamed:
        detail = "metrics without name and datatype mean something after their birth only"
        flaws.append(Flaw(Reason.NO_BIRTH, detail, len(unnamed), "metrics", len(unnamed)))
    return [*([Sample(None, {}, {}, tuple(flaws))] if flaws else ()), *samples] or [Sample(None, {})]


def converse(topic: str, nodes: EdgeNodes, payload: bytes, limits: PayloadLimits) -> list[Sample]:
    """Return what a message on ``topic`` says after all that ``nodes`` have heard; raises DecodeError likewise."""
    heading = Heading.of(topic)
    found = interpreted(heading, payload, nodes[heading.node], limits)
    is_born = heading.kind is MessageType.NBIRTH
    nodes.keep(heading.node, found.node, wants_rebirth=found.wants_rebirth, is_born=is_born)
    return found.samples


DECODER: Final = Decoder(
    name="sparkplug_b",
    title="Sparkplug B",
    keys=frozenset(("metrics", "seq")),
    decode=decode,
    foreign=True,
    converse=converse,
    tried={topics.MESSAGE: topics.MessageType.DBIRTH},
    fault=topics.fault,
)
