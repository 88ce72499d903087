"""Buckets in columns are those of single rollups, to the last bit, and their JSON is what the models write."""

from dataclasses import replace
from datetime import datetime
from math import isfinite
from random import Random
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
import polars as pl
import pytest

from ingest.model.reading import ReadingKind
from ingest.model.registers import read_stored
from ingest.model.time import HOUR, MINUTE, SECOND, from_micros
from kpi_engine.api.bucket import Bucket
from kpi_engine.api.bucket_columns import WHOLE, bucket_columns, placed
from kpi_engine.api.json_rows import INSTANT, answer
from kpi_engine.api.representation import Answer, Page
from kpi_engine.evidence.amount_bounds import Unread, amount_bounds
from kpi_engine.figures.status import relative_half_width
from kpi_engine.indicator import LIMITS, Outcome
from kpi_engine.window import Amount
from kpi_engine.windows.meter_amounts import shown
from processors.steps.bounds import Count
from processors.steps.columns import RollupColumns
from processors.steps.rollup import Rollup

START: Final = 500_000 * HOUR
HOURS: Final = 200
NOW: Final = START + 190 * HOUR + 10 * MINUTE
KINDS: Final = [ReadingKind.REGISTER, ReadingKind.INTERVAL, ReadingKind.GAUGE, ReadingKind.SESSION]


def some_hours(random: Random) -> list[Rollup]:
    """Return hours of every kind: read or silent, entered and left, doubted, known from edge to edge or in part."""

    def maybe(value: float, often: float = 0.5) -> float | None:
        return value if random.random() < often else None

    hours = []
    for start in range(START, START + HOURS * HOUR, HOUR):
        first, last = sorted(start + random.randrange(1, 3600) * SECOND for _ in range(2))
        is_read, measured = random.random() < 0.8, random.choice([3600.0, 3600.0, 1234.5])
        doubt = maybe(random.random(), 0.2)
        entry, exit_ = maybe(random.random()), maybe(random.random())
        if not is_read and entry is not None and random.random() < 0.5:
            exit_ = entry
        weighted = maybe(measured) or 0.0
        hours.append(
            Rollup(
                start,
                start + HOUR,
                count=random.randrange(5) if is_read else 0,
                minimum=maybe(random.random() * 10),
                maximum=maybe(20 + random.random()),
                total=maybe(random.choice([0.0, random.random() * 100, 1e17]), 0.9),
                integral=random.random() if weighted else None,
                estimated=random.random(),
                measured=measured,
                weighted=weighted,
                covered_from=random.choice([start, start, first, None]),
                covered_to=random.choice([start + HOUR, start + HOUR, last]),
                measured_from=maybe_instant(random, first),
                measured_to=last,
                rejected=random.randrange(2),
                interpolated=maybe(random.choice([0.0, 1.1]), 0.9),
                estimated_time=random.choice([0.0, 700.7]),
                pause=maybe(random.random() * 3600, 0.9),
                first_at=first if is_read else None,
                last_at=last if is_read else None,
                entry_seconds=None if entry is None else random.random() * 900,
                entry_amount=entry,
                exit_seconds=None if exit_ is None else random.random() * 900,
                exit_amount=exit_,
                doubt_below=doubt,
                doubt_above=doubt,
                peak=maybe(random.random() * 50),
            )
        )
    return [hour if hour.covered_from is not None else replace(hour, covered_to=None) for hour in hours]


def maybe_instant(random: Random, instant: int) -> int | None:
    return instant if random.random() < 0.8 else None


def series(kind: ReadingKind) -> Any:  # noqa: ANN401 - stands for a stored series
    return SimpleNamespace(kind=kind, register_contract=None, max_gap=15 * MINUTE, expected_interval=7 * MINUTE)


def single(rollup: Rollup, kind: ReadingKind) -> Bucket:
    """Return the bucket of one rollup, by the rules of single amounts."""
    declared, swaps = read_stored(None)
    count = Count.of(declared, rollup.bucket, rollup.bucket_end)
    lower = upper = None
    if kind is not ReadingKind.GAUGE:
        amount = Amount(rollup, kind, count, 0.0, shown(rollup, kind, declared, swaps))
        found = amount_bounds(amount, Unread.of(amount))
        lower, upper = (end if isfinite(end) else None for end in (found.lower, found.upper))
    provisional = rollup.bucket_end + 15 * MINUTE > NOW
    is_whole = rollup.is_bounded if kind is ReadingKind.REGISTER else rollup.measured_share >= WHOLE
    width = relative_half_width(Outcome(rollup.total, 1.0, lower=lower, upper=upper))
    is_sure = rollup.doubt_above is None or width <= LIMITS.provisional
    total = rollup.total if provisional or (is_whole and is_sure) else None
    expected = None if kind is ReadingKind.SESSION else rollup.seconds * SECOND / (7 * MINUTE)
    return Bucket(
        start=from_micros(rollup.bucket),
        end=from_micros(rollup.bucket_end),
        sum=total,
        lower=lower,
        upper=upper,
        mean=rollup.mean,
        minimum=rollup.minimum,
        maximum=rollup.maximum,
        count=rollup.count,
        expected_count=expected,
        count_coverage=None if expected is None else rollup.count / expected,
        coverage=rollup.span_coverage if kind is ReadingKind.REGISTER else rollup.measured_share,
        measured_share=rollup.measured_share,
        interpolated_share=rollup.interpolated_share,
        estimated_share=rollup.estimated_time_share,
        unknown_share=rollup.unknown_share,
        estimated_amount=None if total is None else rollup.estimated,
        longest_gap_s=rollup.longest_gap(NOW),
        provisional=provisional,
        rejected=rollup.rejected,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_buckets_in_columns_are_written_as_those_of_single_rollups(kind: ReadingKind) -> None:
    hours = some_hours(Random(kind))
    holes = np.zeros(HOURS)
    frame = bucket_columns(RollupColumns.of(hours), series(kind), NOW, holes)
    assert frame.columns == list(Bucket.model_fields)

    written = bytes(answer(Page[Bucket](items=[], next_cursor=None), frame).body)
    models = Page[Bucket](items=[single(hour, kind) for hour in hours], next_cursor=None)
    assert written == models.model_dump_json().encode()


def test_a_bucket_of_which_nothing_was_found_is_there() -> None:
    hours = some_hours(Random(1))
    bounds = np.arange(START - HOUR, START + (HOURS + 2) * HOUR, HOUR)
    every = placed(RollupColumns.of(hours[:3] + hours[4:]), bounds)
    assert len(every) == HOURS + 2
    assert [every.row(row) for row in (0, 4, HOURS + 1)] == [
        Rollup(start, start + HOUR) for start in (START - HOUR, START + 3 * HOUR, START + HOURS * HOUR)
    ]
    assert every.row(3) == hours[2]


class TimedNumber(Answer):
    """A number at a time."""

    time: datetime | None
    value: float | None


def test_numbers_and_instants_are_written_as_the_models_write_them() -> None:
    numbers = [0.0, -0.0, 0.1, 1e-5, 1e15, 1e16, 1.5e300, 5e-324, 123456.789, float("inf"), float("nan"), None]
    times = [*(START + 1200 * place for place in range(len(numbers) - 1)), None]
    instants = pl.Series(times, dtype=pl.Int64).cast(INSTANT)
    written = bytes(
        answer(Page[TimedNumber](items=[], next_cursor="on"), pl.DataFrame({"time": instants, "value": numbers})).body
    )

    models = [TimedNumber(time=time, value=value) for time, value in zip(instants.to_list(), numbers, strict=True)]
    assert written == Page[TimedNumber](items=models, next_cursor="on").model_dump_json().encode()
