"""A batch that takes long makes the next one smaller, and fast ones let it grow again, within bounds."""

from ingest.sources.batch_limit import FAST_SECONDS, FEWEST_BYTES, MOST_BYTES, SLOW_SECONDS, BatchLimit


def test_a_slow_batch_halves_the_next_one() -> None:
    limit = BatchLimit()
    limit.adapt(SLOW_SECONDS + 1)
    assert limit.payload_bytes == MOST_BYTES // 2


def test_it_never_shrinks_to_nothing() -> None:
    limit = BatchLimit()
    for _ in range(100):
        limit.adapt(SLOW_SECONDS + 1)
    assert limit.payload_bytes == FEWEST_BYTES


def test_fast_batches_let_it_grow_to_its_greatest_size_and_no_further() -> None:
    limit = BatchLimit(payload_bytes=FEWEST_BYTES)
    sizes = []
    for _ in range(20):
        limit.adapt(FAST_SECONDS / 2)
        sizes.append(limit.payload_bytes)
    assert sizes[0] == 2 * FEWEST_BYTES
    assert sizes[-1] == MOST_BYTES


def test_in_between_it_stays() -> None:
    limit = BatchLimit(payload_bytes=4 * FEWEST_BYTES)
    limit.adapt((SLOW_SECONDS + FAST_SECONDS) / 2)
    assert limit.payload_bytes == 4 * FEWEST_BYTES
