"""Keeps what is known of edge nodes of Sparkplug B: their births, and the number of the last message of each."""

from collections.abc import Mapping
from typing import Final

import msgspec

from ingest.model.sparkplug import EdgeNode
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)
_DECODER: Final = msgspec.json.Decoder(EdgeNode)


def known(connection: Connection, name: str) -> EdgeNode | None:
    """Return what is kept of an edge node by its name, None where that is nothing."""
    row = connection.execute(SQL["edge_node"], {"name": name}).fetchone()
    return None if row is None else msgspec.structs.replace(_DECODER.decode(bytes(row[1])), seq=row[0])


def keep(connection: Connection, nodes: Mapping[str, EdgeNode]) -> None:
    """Keep ``nodes`` by name, within the caller's transaction."""
    for name, node in sorted(nodes.items()):  # writers that meet lock the rows in the same order
        document = msgspec.json.encode(msgspec.structs.replace(node, seq=None))
        given = {"name": name, "seq": node.seq, "said": document}
        if not connection.execute(SQL["edge_node_heard"], given).rowcount:
            connection.execute(SQL["edge_node_said"], given)
