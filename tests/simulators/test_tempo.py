"""History is published as fast as live readings still arrive on time, and what says nothing changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import SECOND
from simulators.tempo import FASTEST, FIRST, SLOWEST, Tempo


def _after(payloads: list[bytes], seconds: int = 60) -> float:
    tempo = Tempo()
    for second in range(seconds):
        tempo.adapt(payloads, second * SECOND)
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


def test_what_stays_late_at_the_slowest_tempo_is_not_blamed_on_the_past() -> None:
    late = b'{"clock_offset_s": -12.0}'
    tempo = Tempo()
    _told(tempo, range(60), every=1, payload=late)
    assert tempo.per_second == SLOWEST
    _told(tempo, range(60, 180), every=1, payload=late)
    assert tempo.per_second == FASTEST
    _told(tempo, range(180, 200), every=1, payload=b'{"clock_offset_s": -16.0}')  # later than without the past
    assert tempo.per_second == SLOWEST


def test_a_queue_that_is_worked_off_is_waited_for() -> None:
    tempo = Tempo()
    for second in range(180):
        tempo.adapt([b'{"clock_offset_s": %.1f}' % (second / 2 - 92)], second * SECOND)
        assert second < 20 or tempo.per_second == SLOWEST
    _told(tempo, range(180, 300), every=1)
    assert tempo.per_second == FASTEST


def test_a_machine_that_is_free_again_is_expected_to_be_on_time() -> None:
    tempo = Tempo()
    _told(tempo, range(180), every=1, payload=b'{"clock_offset_s": -12.0}')
    _told(tempo, range(180, 320), every=1)
    assert tempo.per_second == FASTEST
    _told(tempo, range(320, 340), every=1, payload=b'{"clock_offset_s": -5.0}')
    assert tempo.per_second == SLOWEST


def test_where_readings_come_later_than_half_a_minute_the_past_waits() -> None:
    assert _after([b'{"clock_offset_s": -40.0}'], 600) == SLOWEST


def test_one_clock_that_is_wrong_does_not_speak_for_the_others() -> None:
    on_time = [b'{"clock_offset_s": -0.1}'] * 3
    assert _after([b'{"clock_offset_s": -300.0}', *on_time]) == FASTEST
    assert _after([b'{"clock_offset_s": -86400.0}']) == FIRST
    assert _after([b'{"clock_offset_s": 40.0}']) == FASTEST


def _told(tempo: Tempo, seconds: range, every: int, payload: bytes = b'{"clock_offset_s": -0.3}') -> None:
    for second in seconds:
        tempo.adapt([payload] if second % every == 0 else [], second * SECOND)


def test_feedback_that_stays_away_makes_it_slower_since_nothing_is_stored() -> None:
    tempo = Tempo()
    _told(tempo, range(60), every=1)
    for second in range(60, 120):
        tempo.adapt([], second * SECOND)
    assert tempo.per_second == SLOWEST


def test_what_is_always_told_seldom_is_not_missed() -> None:
    tempo = Tempo()
    _told(tempo, range(0, 300, 45), every=45)
    reached = tempo.per_second
    assert reached > FIRST
    _told(tempo, range(300, 340), every=1_000)
    assert tempo.per_second == reached


def test_a_silence_that_ends_with_late_readings_does_not_become_usual() -> None:
    tempo = Tempo()
    _told(tempo, range(60), every=1)
    tempo.adapt([b'{"clock_offset_s": -90.0}'], 150 * SECOND)
    _told(tempo, range(151, 200), every=1)
    for second in range(200, 240):
        tempo.adapt([], second * SECOND)
    assert tempo.per_second == SLOWEST


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b"null", b"[1]", b'{"clock_offset_s": null}', b'{"clock_offset_s": "x"}']
)
def test_feedback_that_says_nothing_of_time_is_no_judgement(payload: bytes) -> None:
    assert _after([payload]) == FIRST


@given(st.binary(max_size=60))
def test_whatever_is_told_leaves_a_tempo(payload: bytes) -> None:
    assert SLOWEST <= _after([payload], 5) <= FASTEST
