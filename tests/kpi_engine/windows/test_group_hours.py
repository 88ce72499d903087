"""Hours of the members of a group, all at once: the same as of each of them alone."""

from dataclasses import replace
from itertools import pairwise
from math import inf
from random import Random

import numpy as np

from ingest.model.reading import ReadingKind
from ingest.model.time import HOUR, SECOND
from kpi_engine.ports.hours import group_of
from kpi_engine.ports.stored_keys import Member
from kpi_engine.windows.group_hours import StoredHours, hours_of_members, members_of, summed_hours
from processors.steps.columns import ABSENT
from processors.steps.hour_bounds import AmountColumns

HOURS = 24
EDGES = np.arange(HOURS + 1) * HOUR
KINDS = [(ReadingKind.REGISTER, False), (ReadingKind.REGISTER, True), (ReadingKind.INTERVAL, False)]


def members() -> list[Member]:
    """Return members of every kind, declared and not; the last one has no hours."""
    return [
        Member(series, series % 3 * HOUR, (HOURS - series % 4) * HOUR, [inf, 9.0][series % 2], *KINDS[series % 3])
        for series in range(1, 13)
    ]


def stored(chance: Random) -> StoredHours:
    """Return hours of each but the last one, some of them odd, from before and after the day as well."""
    keys = [(one, hour) for one in range(1, 12) for hour in range(-2, HOURS + 2) if chance.random() < 0.9]
    series, begins = np.array([one for one, _ in keys]), np.array([hour for _, hour in keys]) * HOUR

    def some(*values: float, kind: type = float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return np.array([chance.choice(values) for _ in keys], kind)

    seconds = np.full(len(keys), HOUR / SECOND)
    measured = some(3600.0, 3600.0, 1000.0)
    whole = chance.random() < 0.5
    amounts = AmountColumns(
        bucket=begins,
        bucket_end=begins + HOUR,
        total=some(0.0, 0.1, 0.3, 7.0, np.nan),
        measured=measured,
        covered_from=np.where(some(1.0, 0.0, 0.0) > 0, ABSENT, begins),
        covered_to=begins + HOUR,
        known=seconds if whole else measured,
        first_at=begins + SECOND,
        last_at=begins + HOUR - SECOND,
        entry_seconds=some(100.0, np.nan),
        entry_amount=some(0.01, 0.5),
        exit_seconds=some(100.0, np.nan),
        exit_amount=some(0.01, 0.5),
        doubt_below=some(0.2, np.nan, np.nan),
        doubt_above=some(0.2, np.nan, np.nan),
    )
    return StoredHours(series, amounts, np.full((3, len(keys)), np.nan), np.zeros(len(keys)))


def test_members_side_by_side_have_the_hours_that_each_has_alone() -> None:
    for seed in range(5):
        hours, every = stored(Random(seed)), members()
        found = hours_of_members(members_of(group_of(tuple(every), "UTC")), EDGES, hours)
        alone = [hours_of_members(members_of(group_of((one,), "UTC")), EDGES, hours)[0] for one in every]
        assert np.array_equal(found, np.stack(alone), equal_nan=True)
        assert np.isnan(found[-1, 0]).all()
        assert not np.isnan(found[:, 1:]).any(), "everything has bounds"


def test_hours_before_and_after_the_day_are_none_of_its() -> None:
    hours = stored(Random(1))
    mine = [hours.within(np.array([3]), int(begin), int(end))[0] for begin, end in pairwise(EDGES)]
    rows = np.concatenate(mine)
    assert set(hours.series[rows].tolist()) == {3}
    assert hours.amounts.bucket[rows].tolist() == [at for at in EDGES[:-1].tolist() if at in hours[3][0].bucket]
    assert 12 not in hours
    assert not len(hours.within(np.array([12, 99]), 0, HOUR)[0])


def test_members_are_added_up_one_after_the_other_while_they_stand() -> None:
    hours = np.array([[[0.1, 1.0]] * 3, [[0.2, 2.0]] * 3, [[0.3, np.nan]] * 3])
    stands = np.array([[True, True], [True, True], [True, False]])
    assert summed_hours(hours, stands).tolist() == [[0.1 + 0.2 + 0.3, 3.0]] * 3


def test_hours_of_which_nothing_is_in_doubt_lie_between_themselves_as_all_the_arithmetic_says() -> None:
    chance = Random(7)
    begins = np.tile(np.arange(HOURS), 2) * HOUR
    seconds = np.full(len(begins), HOUR / SECOND)
    unknown, never = np.full(len(begins), np.nan), np.full(len(begins), ABSENT)
    totals = np.array([chance.choice((0.0, 0.1, 7.0)) for _ in begins])
    hours = [begins, begins + HOUR, totals, seconds, begins, begins + HOUR, seconds, never, never, *[unknown] * 6]
    group = group_of(
        tuple(Member(one, 0, HOURS * HOUR, inf, ReadingKind.REGISTER, is_net=False) for one in (1, 2)), "Etc/UTC"
    )
    certain = StoredHours(np.repeat([1, 2], HOURS), AmountColumns(*hours), np.full((3, len(begins)), np.nan), unknown)
    doubted = [*hours[:-1], np.where(begins == 3 * HOUR, 0.0, np.nan)]  # by nothing: all the arithmetic, the same hours
    plain = hours_of_members(members_of(group), EDGES, certain)
    reckoned = hours_of_members(members_of(group), EDGES, replace(certain, amounts=AmountColumns(*doubted)))

    assert certain.is_certain.all()
    assert plain.tobytes() == reckoned.tobytes()
