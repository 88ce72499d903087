"""What was polled at once is accepted in portions of bounded bytes and messages, in order and without a gap."""

from types import SimpleNamespace

from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.batch_limit import BatchLimit
from ingest.sources.kafka.portions import Batches, portions, records_within

ONE, OTHER = TopicPartition("readings", 0), TopicPartition("readings", 1)


def _batches(sizes: dict[TopicPartition, list[int]]) -> Batches:
    return {
        partition: [SimpleNamespace(offset=offset, value=b"x" * size) for offset, size in enumerate(of_partition)]
        for partition, of_partition in sizes.items()
    }


def _offsets(portion: Batches) -> dict[TopicPartition, list[int]]:
    return {partition: [record.offset for record in records] for partition, records in portion.items()}


def test_records_of_several_partitions_share_a_portion_up_to_its_bytes() -> None:
    polled = _batches({ONE: [400, 400], OTHER: [100, 400, 5_000, 1]})
    found = [_offsets(portion) for portion in portions(polled, BatchLimit(100, 1_000))]
    assert found == [{ONE: [0, 1], OTHER: [0]}, {OTHER: [1]}, {OTHER: [2]}, {OTHER: [3]}]


def test_a_portion_is_cut_by_messages_as_well() -> None:
    found = [_offsets(portion) for portion in portions(_batches({ONE: [1] * 5}), BatchLimit(2))]
    assert found == [{ONE: [0, 1]}, {ONE: [2, 3]}, {ONE: [4]}]


def test_a_limit_that_shrinks_meanwhile_holds_for_the_next_portion() -> None:
    limit = BatchLimit(100, 1_000)
    cut = portions(_batches({ONE: [400] * 4}), limit)
    assert _offsets(next(cut)) == {ONE: [0, 1]}
    limit.payload_bytes = 400
    assert [_offsets(portion) for portion in cut] == [{ONE: [2]}, {ONE: [3]}]


def test_nothing_polled_is_no_portion() -> None:
    assert list(portions({}, BatchLimit())) == []


@given(st.dictionaries(st.sampled_from([ONE, OTHER]), st.lists(st.integers(0, 600), max_size=30)))
def test_every_record_is_in_one_portion_in_its_order(sizes: dict[TopicPartition, list[int]]) -> None:
    seen: dict[TopicPartition, list[int]] = {partition: [] for partition in sizes}
    for portion in portions(_batches(sizes), BatchLimit(7, 1_000)):
        records = [record for of_partition in portion.values() for record in of_partition]
        assert len(records) <= 7
        assert len(records) == 1 or sum(len(record.value) for record in records) <= 1_000
        for partition, offsets in _offsets(portion).items():
            seen[partition] += offsets
    assert seen == {partition: list(range(len(of_partition))) for partition, of_partition in sizes.items()}


def test_the_next_poll_takes_as_many_records_as_fit_by_the_size_of_the_last_ones() -> None:
    limit = BatchLimit(100, 1_000)
    assert records_within(limit, _batches({ONE: [100, 300]})) == 5
    assert records_within(limit, _batches({ONE: [5_000]})) == 1
    assert records_within(limit, _batches({ONE: [0, 0]})) == 100
    assert records_within(limit, {}) == 100
