"""What is known of one series in one civil bucket, and how such knowledge adds up: hours to days to months.

Times are microseconds since the Unix epoch, durations are seconds, values are in the series' canonical unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import Final

import numpy as np

from ingest.model.time import HOUR, SECOND

NO_CONTRACT: Final = 0
MOSTLY: Final = 0.9  # of an hour: what is measured of less says too little of how fast it was counted


@dataclass(frozen=True)
class Rollup:
    """One series in one bucket [bucket, bucket_end).

    ``count``, ``minimum``, ``maximum`` speak of the readings whose time lies in the bucket.
    ``total``: amount of a register or interval series in the bucket; a register's boundary values are interpolated
    between the readings around the boundary. None for gauges, and where no stretch between readings touches the bucket.
    ``integral``: a gauge's integral over the ``weighted`` seconds; its time-weighted mean is integral / weighted.
    ``estimated``: the part of ``total`` that lies in a silence longer than the series' filling: conserved exactly,
    but its place in time is a guess.
    ``measured``: seconds that lie between readings no further apart than max_gap; ``interpolated``: further apart, and
    no further than the filling; ``estimated_time``: between readings of a register further apart than that.
    ``covered_from``/``covered_to``: the extent between readings, however far apart. A closed bucket is bounded when
    they are its edges: only then is ``total`` the whole amount.
    ``measured_from``/``measured_to``: the first and the last instant that a measured second or a reading of a stretch
    fixes; their span over the bucket is the coverage of a register.
    ``rejected``: readings in the bucket that did not happen (a glitch of a register): neither counted nor in extremes.
    ``contract``: the digest of the register contract by which it was computed, NO_CONTRACT where none or several were.
    ``first_at``/``last_at``: the first and the last reading in the bucket; ``pause``: the longest time between two
    neighbouring ones, seconds. ``interpolated``, ``estimated_time`` and ``pause`` are None where they were never
    computed and the readings are gone.
    ``entry_seconds``, ``entry_amount``: where what was counted lies on both sides of the bucket's begin, how long
    before it the stretch began, and all that was counted on it; None where a reading stands there. ``exit_seconds``,
    ``exit_amount``: the same of the end, and how long after it. ``doubt_below``, ``doubt_above``: by how much less and
    more than ``total`` may have been counted by readings that are not believed, infinite where nothing bounds it; None
    where all are. ``peak``: the most that was counted in a measured hour, None of hours. With them ``bounds`` tells
    between what ``total`` lies.
    """

    bucket: int
    bucket_end: int
    count: int = 0
    minimum: float | None = None
    maximum: float | None = None
    total: float | None = None
    integral: float | None = None
    estimated: float = 0.0
    measured: float = 0.0
    weighted: float = 0.0
    covered_from: int | None = None
    covered_to: int | None = None
    measured_from: int | None = None
    measured_to: int | None = None
    rejected: int = 0
    contract: int = NO_CONTRACT
    interpolated: float | None = 0.0
    estimated_time: float | None = 0.0
    pause: float | None = 0.0
    first_at: int | None = None
    last_at: int | None = None
    entry_seconds: float | None = None
    entry_amount: float | None = None
    exit_seconds: float | None = None
    exit_amount: float | None = None
    doubt_below: float | None = None
    doubt_above: float | None = None
    peak: float | None = None

    @property
    def seconds(self) -> float:
        """Length of the bucket in seconds."""
        return (self.bucket_end - self.bucket) / SECOND

    @property
    def is_bounded(self) -> bool:
        """True when readings at or beyond both edges are known."""
        return self.covered_from == self.bucket and self.covered_to == self.bucket_end

    @property
    def span_coverage(self) -> float:
        """Share of the bucket between its first and last boundary reading (registers; design: What a sum means)."""
        if self.measured_from is None or self.measured_to is None:
            return 0.0
        return (self.measured_to - self.measured_from) / (self.bucket_end - self.bucket)

    @property
    def measured_share(self) -> float:
        """Share of the bucket that lies between readings no further apart than max_gap (gauges: their coverage)."""
        return self.measured / self.seconds

    @property
    def interpolated_share(self) -> float | None:
        """Share of the bucket between readings further apart than max_gap, and no further than the filling."""
        return None if self.interpolated is None else self.interpolated / self.seconds

    @property
    def estimated_time_share(self) -> float | None:
        """Share of the bucket between readings of a register further apart than the filling."""
        return None if self.estimated_time is None else self.estimated_time / self.seconds

    @property
    def unknown_share(self) -> float | None:
        """Share of the bucket of which nothing is known: what the other three leave."""
        if self.interpolated is None or self.estimated_time is None:
            return None
        return max(0.0, self.seconds - fsum((self.measured, self.interpolated, self.estimated_time))) / self.seconds

    @property
    def greatest(self) -> float | None:
        """The most that was counted in a measured hour; that of an hour by itself where it is measured to MOSTLY."""
        if self.peak is not None:
            return self.peak
        is_known = self.total is not None and self.measured >= MOSTLY * self.seconds
        return abs(self.total or 0.0) * (HOUR / SECOND) / self.seconds if is_known else None

    @property
    def mean(self) -> float | None:
        """Time-weighted mean of a gauge over measured and interpolated time; None where there is none of both."""
        return self.integral / self.weighted if self.integral is not None and self.weighted > 0 else None

    def longest_gap(self, until: int | None = None) -> float | None:
        """Return the longest time without a reading in the bucket, in seconds; ``until`` cuts an open one off at now.

        From an edge to the nearest reading is a gap too. None where it is not known.
        """
        if self.pause is None:
            return None
        end = self.bucket_end if until is None else min(until, self.bucket_end)
        if self.first_at is None or self.last_at is None:
            return max(0.0, (end - self.bucket) / SECOND)
        return max(self.pause, (self.first_at - self.bucket) / SECOND, (end - self.last_at) / SECOND)


def combine(parts: Sequence[Rollup], bucket: int, bucket_end: int) -> Rollup:
    """Add up the parts of one series in [bucket, bucket_end), in any order; no parts is a bucket without knowledge.

    Sums are exact and rounded once (fsum). Estimated amounts count only outside the measured extent: a silence in the
    middle, with readings on both sides inside the bucket, lowers ``measured`` but its amount is exact in the sum.
    """
    measured_from = min((part.measured_from for part in parts if part.measured_from is not None), default=None)
    measured_to = max((part.measured_to for part in parts if part.measured_to is not None), default=None)
    totals = [part.total for part in parts if part.total is not None]
    integrals = [part.integral for part in parts if part.integral is not None]
    contracts = {part.contract for part in parts}
    first = min(parts, key=lambda part: part.bucket, default=None)
    last = max(parts, key=lambda part: part.bucket, default=None)
    return Rollup(
        bucket=bucket,
        bucket_end=bucket_end,
        count=sum(part.count for part in parts),
        minimum=min((part.minimum for part in parts if part.minimum is not None), default=None),
        maximum=max((part.maximum for part in parts if part.maximum is not None), default=None),
        total=fsum(totals) if totals else None,
        integral=fsum(integrals) if integrals else None,
        estimated=fsum(part.estimated for part in parts if _at_the_rim(part, measured_from, measured_to)),
        measured=fsum(part.measured for part in parts),
        weighted=fsum(part.weighted for part in parts),
        covered_from=min((part.covered_from for part in parts if part.covered_from is not None), default=None),
        covered_to=max((part.covered_to for part in parts if part.covered_to is not None), default=None),
        measured_from=measured_from,
        measured_to=measured_to,
        rejected=sum(part.rejected for part in parts),
        contract=contracts.pop() if len(contracts) == 1 else NO_CONTRACT,
        interpolated=_sum_of_all([part.interpolated for part in parts]),
        estimated_time=_sum_of_all([part.estimated_time for part in parts]),
        pause=_longest_pause(parts),
        first_at=min((part.first_at for part in parts if part.first_at is not None), default=None),
        last_at=max((part.last_at for part in parts if part.last_at is not None), default=None),
        entry_seconds=first.entry_seconds if first else None,
        entry_amount=first.entry_amount if first else None,
        exit_seconds=last.exit_seconds if last else None,
        exit_amount=last.exit_amount if last else None,
        doubt_below=_sum_of_some([part.doubt_below for part in parts]),
        doubt_above=_sum_of_some([part.doubt_above for part in parts]),
        peak=_as_stored(max((part.greatest for part in parts if part.greatest is not None), default=None)),
    )


def _sum_of_all(values: Sequence[float | None]) -> float | None:
    """Return the exact sum, None where a single value is not known."""
    known = [value for value in values if value is not None]
    return fsum(known) if len(known) == len(values) else None


def _as_stored(value: float | None) -> float | None:
    """Return a number as single precision keeps it."""
    return None if value is None else float(np.float32(value))


def _sum_of_some(values: Sequence[float | None]) -> float | None:
    """Return the sum of what is known, None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _longest_pause(parts: Sequence[Rollup]) -> float | None:
    """Return the longest pause within parts and across their edges; None where a part does not know its own."""
    pauses = [part.pause for part in parts if part.pause is not None]
    if len(pauses) < len(parts):
        return None
    known_extents = sorted(
        (part.first_at, part.last_at) for part in parts if part.first_at is not None and part.last_at is not None
    )
    across = ((after - before) / SECOND for (_, before), (after, _) in pairwise(known_extents))
    return max([*pauses, *across], default=0.0)


def _at_the_rim(part: Rollup, measured_from: int | None, measured_to: int | None) -> bool:
    """Whether ``part`` reaches outside the measured extent, where an estimated amount stays an estimate."""
    if measured_from is None or measured_to is None:
        return True
    return part.bucket < measured_from or part.bucket_end > measured_to
