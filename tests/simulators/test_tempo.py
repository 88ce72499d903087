"""History is published as fast as live readings still arrive on time, and what says nothing changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import SECOND
from simulators.tempo import FASTEST, FIRST, SLOWEST, Tempo


def _after(payloads: list[bytes], seconds: int = 60) -> float:
    tempo = Tempo()
    for second in range(seconds):
        tempo.hear(payloads, second * SECOND)
    return tempo.per_second


def test_nothing_heard_changes_nothing() -> None:
    assert _after([]) == FIRST
    assert Tempo().interval == int(SECOND / FIRST)


def test_readings_on_time_make_it_faster_up_to_a_limit() -> None:
    assert FIRST < _after([b'{"clock_offset_s": -0.3}'], 4) < FASTEST
    assert _after([b'{"clock_offset_s": -0.3}']) == FASTEST


def test_late_readings_make_it_slower_down_to_a_limit() -> None:
    assert _after([b'{"clock_offset_s": -5.0}'], 3) < FIRST
    assert _after([b'{"clock_offset_s": -5.0}']) == SLOWEST


def test_a_little_late_is_neither() -> None:
    assert _after([b'{"clock_offset_s": -2.0}']) == FIRST


def test_one_clock_that_is_wrong_does_not_speak_for_the_others() -> None:
    on_time = [b'{"clock_offset_s": -0.1}'] * 3
    assert _after([b'{"clock_offset_s": -300.0}', *on_time]) == FASTEST
    assert _after([b'{"clock_offset_s": -86400.0}']) == FIRST
    assert _after([b'{"clock_offset_s": 40.0}']) == FASTEST


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b"null", b"[1]", b'{"clock_offset_s": null}', b'{"clock_offset_s": "x"}']
)
def test_feedback_that_says_nothing_of_time_is_no_judgement(payload: bytes) -> None:
    assert _after([payload]) == FIRST


@given(st.binary(max_size=60))
def test_whatever_is_told_leaves_a_tempo(payload: bytes) -> None:
    assert SLOWEST <= _after([payload], 5) <= FASTEST
