"""What was polled from Kafka at once, in portions that are accepted and committed one after the other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from ingest.sources.batch_limit import BatchLimit

Batches = Mapping[TopicPartition, Sequence[Any]]  # records; aiokafka has no types


def portions(batches: Batches, limit: BatchLimit) -> Iterator[Batches]:
    """Yield all records in order, as many at once as ``limit`` allows by then; one larger than it comes alone."""
    portion: dict[TopicPartition, list[Any]] = {}
    count = size = 0
    for partition, records in batches.items():
        for record in records:
            length = _length(record)
            if count and (count >= limit.messages or size + length > limit.payload_bytes):
                yield portion
                portion, count, size = {}, 0, 0
            portion.setdefault(partition, []).append(record)
            count, size = count + 1, size + length
    if portion:
        yield portion


def records_within(limit: BatchLimit, batches: Batches) -> int:
    """Return how many records like those of ``batches`` are one portion; at least one, as many as may be for none."""
    lengths = [_length(record) for records in batches.values() for record in records]
    mean = max(1.0, sum(lengths) / len(lengths)) if lengths else 1.0
    return max(1, min(limit.messages, int(limit.payload_bytes / mean)))


def _length(record: Any) -> int:  # noqa: ANN401 - aiokafka has no types
    return len(record.value or b"")
