"""Pauses between attempts: longer each time, never beyond the ceiling, and not the same for everybody."""

import pytest

from ingest.backoff import JITTER, Backoff


def test_pauses_double_up_to_the_ceiling_and_begin_anew_after_a_success() -> None:
    backoff = Backoff(first=0.5, ceiling=3.0, draw=lambda: 0.0)
    assert [backoff.next() for _ in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    backoff.reset()
    assert backoff.next() == 0.5


def test_chance_shortens_a_pause_and_never_by_more_than_the_jitter() -> None:
    backoff = Backoff(first=1.0, ceiling=1.0, draw=iter([0.0, 0.5, 0.999]).__next__)
    pauses = [backoff.next() for _ in range(3)]
    assert pauses == pytest.approx([1.0, 1.0 - JITTER / 2, 1.0 - 0.999 * JITTER])
