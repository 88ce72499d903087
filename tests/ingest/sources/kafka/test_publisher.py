"""Which partition a message goes to: by its topic, as Kafka's clients choose, or by its edge node."""

from aiokafka.partitioner import DefaultPartitioner

from ingest.sources.kafka.publisher import partition

PARTITIONS = list(range(12))


def test_a_topic_has_the_partition_that_any_client_would_choose() -> None:
    for key in (b"pharos/v1/harbour/meter/telemetry", b"plugs/p1", b"\xff"):
        assert partition(key, PARTITIONS, PARTITIONS) == DefaultPartitioner()(key, PARTITIONS, PARTITIONS)


def test_all_topics_of_an_edge_node_share_a_partition() -> None:
    topics = [b"spBv1.0/g/NBIRTH/node", *(b"spBv1.0/g/DDATA/node/device-%d" % number for number in range(50))]
    assert len({partition(topic, PARTITIONS, PARTITIONS) for topic in topics}) == 1
