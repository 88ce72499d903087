"""Readings stored and marked as the sink does, and rolled up by workers, whatever order the readings come in."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.time import from_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.rollups.rollups import RollupStore

Reading = tuple[int, int, float]  # series, time, value
Row = tuple[object, ...]
Given = TypeVar("Given")


def store(connection: Connection, readings: Sequence[Reading], *, mark_each: bool = False) -> None:
    """Store readings, or store them again, and mark the span of each series, or each reading, in one transaction."""
    times: dict[int, list[int]] = {}
    for series, time, _ in readings:
        times.setdefault(series, []).append(time)
    spans = [(series, min(own), max(own)) for series, own in times.items()]
    marks = [(series, time, time) for series, time, _ in readings] if mark_each else spans
    last = {(series, from_micros(time)): value for series, time, value in readings}
    keys = [list(column) for column in zip(*last, strict=True)]
    with connection.transaction():
        connection.execute("select ensure_partitions(%s, %s)", (min(keys[1]), max(keys[1])))
        connection.execute(
            "insert into observation (series_id, time, value, received_at, source_id, quality)"
            " select *, now(), 1, 0 from unnest(%s::integer[], %s::timestamptz[], %s::float8[])"
            " on conflict (series_id, time) do update set value = excluded.value",
            (*keys, list(last.values())),
        )
        connection.execute(
            "insert into observation_mark (series_id, from_time, to_time)"
            " select * from unnest(%s::integer[], %s::timestamptz[], %s::timestamptz[])",
            ([one for one, *_ in marks], *([from_micros(mark[edge]) for mark in marks] for edge in (1, 2))),
        )


def drain(worker: RollupWorker) -> None:
    """Let a worker work until nothing is due."""
    while worker.cycle().spans:
        pass


def arrive(
    left: Sequence[Given],
    put: Callable[[Sequence[Given]], None],
    worker: Callable[[], RollupWorker],
    random: Random,
    at_once: int = 40,
) -> None:
    """Let readings arrive in batches of fewer than ``at_once`` while workers work and are replaced, until all is done.

    ``put`` stores a batch, and ``worker`` makes a worker that remembers nothing.
    """
    working = worker()
    while left:
        size = random.randrange(1, at_once)
        put(left[:size])
        left = left[size:]
        if random.random() < 0.6:
            working.cycle()
        if random.random() < 0.1:
            working = worker()
    drain(working)


def mark_everything(connection: Connection) -> None:
    """Mark all that is stored as what no rollup has seen."""
    connection.execute(
        "insert into observation_mark (series_id, from_time, to_time)"
        " select series_id, min(time), max(time) from observation group by 1"
    )


def roll_up_afresh(connection: Connection, catalogue: Catalogue, emptied: str = "rollup_row, rollup_block") -> None:
    """Compute everything that is stored again, in one go; ``emptied`` are the tables that are computed."""
    connection.execute(f"truncate {emptied}".encode())
    mark_everything(connection)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))


def assert_same(columns: str, found: list[Row], expected: list[Row]) -> None:
    """Everything is the same; sums of the hour that is kept incrementally up to rounding."""
    assert len(found) == len(expected)
    for row, wanted in zip(found, expected, strict=True):
        for name, one, other in zip(columns.split(","), row, wanted, strict=True):
            same = one == pytest.approx(other, rel=1e-12, abs=1e-9) if isinstance(other, float) else one == other
            assert same, (name, row, wanted)
