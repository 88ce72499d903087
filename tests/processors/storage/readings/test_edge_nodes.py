"""What is kept of edge nodes: what they said last, and which number comes next."""

import pytest

from ingest.model.sparkplug import Birth, EdgeNode
from processors.storage.database import Connection
from processors.storage.readings import edge_nodes

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]

NAME = "spBv1.0/harbour/plant-7"
BORN = EdgeNode(1, 3, {"": Birth(), "meter-1": Birth({"Energy": 10}, {1: "Energy", 2**63: "Mode"})})


def test_what_is_kept_of_an_edge_node_is_what_it_said_last(connection: Connection) -> None:
    assert edge_nodes.known(connection, NAME) is None
    heard = EdgeNode(2, BORN.bd_seq, BORN.births)
    for node in (BORN, heard, EdgeNode(None, 3), EdgeNode(0, 4, BORN.births)):
        edge_nodes.keep(connection, {NAME: node})
        assert edge_nodes.known(connection, NAME) == node
