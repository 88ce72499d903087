"""A device is told what became of its readings: soon after a refusal, else at most once a minute."""

import json
from typing import Any

import numpy as np
import pytest

from ingest.feedback import FeedbackBoard
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import ObservationBatch, Refusal
from ingest.model.time import MINUTE, SECOND
from tests import towns
from tests.towns import heat_meter

NOON = 1_795_262_400_000_000
NOTHING = ObservationBatch.empty()
UNKNOWN_QUANTITY = Refusal(0, "unknown_quantity", "meter is not declared to report 'x'", 2, "harbour", "meter")


@pytest.fixture
def board() -> FeedbackBoard:
    city = towns.city(heat_meter("volume", native_id="KAM:1"), heat_meter("volume", name="pump"))
    ids = Ids(
        {("harbour", "meter"): 1, ("harbour", "pump"): 2},
        {("harbour", "meter", "volume"): 1, ("harbour", "pump", "volume"): 2},
    )
    return FeedbackBoard(Catalogue([city], ids), since=NOON)


def _readings(*ahead_seconds: float, series: int = 1, quality: int = 0) -> ObservationBatch:
    ones = np.ones(len(ahead_seconds), np.int64)
    times = NOON + (np.array(ahead_seconds) * SECOND).astype(np.int64)
    return ObservationBatch(ones * series, times, np.ones(len(ones)), ones * NOON, ones * quality, ones * 0)


def _due(board: FeedbackBoard, now: int) -> dict[str, Any]:
    return {topic: json.loads(payload) for topic, payload in board.due(now)}


def test_nothing_happened_is_nothing_to_tell(board: FeedbackBoard) -> None:
    board.observe(NOTHING, NOTHING, [], NOON)
    assert _due(board, NOON) == {}


def test_counts_the_last_error_and_the_clock_are_told_on_the_address_of_the_device(board: FeedbackBoard) -> None:
    readings = _readings(-20, -2.5)
    board.observe(readings, readings, [UNKNOWN_QUANTITY], NOON)
    error = {
        "reason": "unknown_quantity",
        "field": None,
        "detail": "meter is not declared to report 'x'",
        "count": 1,
        "at": "2026-11-21T12:00:00Z",
    }
    assert _due(board, NOON) == {
        "pharos/v1/harbour/KAM:1/feedback": {
            "accepted": 2,
            "rejected": 2,
            "since": "2026-11-21T12:00:00Z",
            "last_error": error,
            "errors": [error],
            "clock_offset_s": -2.5,
            "at": "2026-11-21T12:00:00Z",
        }
    }


def test_a_clock_that_is_ahead_is_told_although_its_readings_are_refused(board: FeedbackBoard) -> None:
    refusal = Refusal(0, "clock_too_late", "an hour ahead", 1, "harbour", "meter")
    board.observe(_readings(3600), NOTHING, [refusal], NOON)
    (told,) = _due(board, NOON).values()
    assert (told["accepted"], told["rejected"], told["clock_offset_s"]) == (0, 1, 3600.0)


def test_history_says_nothing_about_the_clock(board: FeedbackBoard) -> None:
    history = _readings(-25_843_575, -3_601)
    board.observe(history, history, [], NOON)
    (told,) = _due(board, NOON).values()
    assert (told["accepted"], told["clock_offset_s"]) == (2, None)


def test_the_reading_nearest_to_now_tells_the_clock_whatever_the_order(board: FeedbackBoard) -> None:
    for offsets in ((-1.5, -3000.0), (400.0, -86_400.0), (-600.0, -1.5)):
        readings = _readings(*offsets)
        board.observe(readings, readings, [], NOON)
    (told,) = _due(board, NOON).values()
    assert told["clock_offset_s"] == -1.5


def test_a_clock_set_right_is_seen_at_the_next_telling(board: FeedbackBoard) -> None:
    for now, offset in ((NOON, 2.0), (NOON + MINUTE, -300.0)):
        readings = _readings(offset)
        board.observe(readings, readings, [], now)
        (told,) = _due(board, now).values()
        assert told["clock_offset_s"] == offset


def test_readings_without_time_say_nothing_about_the_clock(board: FeedbackBoard) -> None:
    readings = _readings(0, quality=1)
    board.observe(readings, readings, [], NOON)
    (told,) = _due(board, NOON).values()
    assert told["clock_offset_s"] is None


def test_each_device_is_told_once_a_minute_and_of_everything_since(board: FeedbackBoard) -> None:
    readings, other = _readings(0), _readings(0, series=2)
    board.observe(readings, readings, [], NOON)
    assert len(_due(board, NOON)) == 1
    board.observe(readings, readings, [], NOON + SECOND)
    board.observe(other, other, [], NOON + SECOND)
    assert list(_due(board, NOON + SECOND)) == ["pharos/v1/harbour/pump/feedback"]
    (told,) = _due(board, NOON + MINUTE).values()
    assert told["accepted"] == 2
    assert _due(board, NOON + 9 * MINUTE) == {}


def test_a_refusal_is_told_within_five_seconds_and_not_more_often(board: FeedbackBoard) -> None:
    readings = _readings(0)
    board.observe(readings, readings, [], NOON)
    assert len(_due(board, NOON)) == 1
    board.observe(NOTHING, NOTHING, [UNKNOWN_QUANTITY], NOON + SECOND)
    assert _due(board, NOON + 4 * SECOND) == {}
    (told,) = _due(board, NOON + 5 * SECOND).values()
    assert (told["rejected"], told["last_error"]["at"]) == (2, "2026-11-21T12:00:01Z")
    board.observe(readings, readings, [], NOON + 6 * SECOND)
    assert _due(board, NOON + 30 * SECOND) == {}


def test_what_was_told_sooner_is_not_told_again_before_a_minute_has_passed(board: FeedbackBoard) -> None:
    readings = _readings(0)
    board.observe(readings, readings, [], NOON)
    assert len(_due(board, NOON)) == 1
    board.observe(readings, readings, [], NOON + SECOND)
    board.observe(NOTHING, NOTHING, [UNKNOWN_QUANTITY], NOON + 30 * SECOND)
    assert len(_due(board, NOON + 30 * SECOND)) == 1
    board.observe(readings, readings, [], NOON + 31 * SECOND)
    assert _due(board, NOON + MINUTE) == {}
    assert len(_due(board, NOON + 90 * SECOND)) == 1


def test_the_last_error_of_each_kind_is_told_the_latest_first(board: FeedbackBoard) -> None:
    for second, (reason, field, detail) in enumerate(
        [("implausible", "volume", "first"), ("bad_time", "time", "no offset"), ("implausible", "volume", "again")]
    ):
        board.observe(NOTHING, NOTHING, [Refusal(0, reason, detail, 1, "harbour", "meter", field)], NOON + second)
    (told,) = _due(board, NOON).values()
    assert [(one["reason"], one["field"], one["detail"], one["count"]) for one in told["errors"]] == [
        ("implausible", "volume", "again", 2),
        ("bad_time", "time", "no offset", 1),
    ]


def test_no_more_than_eight_kinds_are_told(board: FeedbackBoard) -> None:
    refusals = [Refusal(0, f"reason_{number}", "", 1, "harbour", "meter") for number in range(20)]
    board.observe(NOTHING, NOTHING, refusals, NOON)
    (told,) = _due(board, NOON).values()
    assert [one["reason"] for one in told["errors"]] == [f"reason_{number}" for number in range(19, 11, -1)]


def test_a_device_nobody_registered_is_answered_where_it_listens(board: FeedbackBoard) -> None:
    refusal = Refusal(0, "unknown_device", "no device 'new' is registered", 1, "harbour", "new")
    board.observe(NOTHING, NOTHING, [refusal], NOON)
    assert list(_due(board, NOON)) == ["pharos/v1/harbour/new/feedback"]


def test_strangers_cannot_grow_the_board_without_bound(board: FeedbackBoard) -> None:
    refusals = [Refusal(0, "unknown_device", "", 1, "harbour", f"new{number}") for number in range(5000)]
    elsewhere = [Refusal(0, "unknown_device", "", 1, f"city{number}", "new") for number in range(5000)]
    board.observe(NOTHING, NOTHING, refusals + elsewhere, NOON)
    assert len(_due(board, NOON)) == 1000


def test_a_device_that_is_registered_later_is_answered_and_what_is_known_of_the_others_stays(
    board: FeedbackBoard,
) -> None:
    readings = _readings(-1)
    board.observe(readings, readings, [], NOON)
    city = towns.city(heat_meter("volume", name="new"), heat_meter("volume", native_id="KAM:2"))
    ids = Ids(
        {("harbour", "meter"): 1, ("harbour", "new"): 3},
        {("harbour", "meter", "volume"): 1, ("harbour", "new", "volume"): 3},
    )
    board.take_up(Catalogue([city], ids))
    for series in (1, 3):
        more = _readings(-1, series=series)
        board.observe(more, more, [], NOON)
    told = _due(board, NOON)
    assert {topic: document["accepted"] for topic, document in told.items()} == {
        "pharos/v1/harbour/KAM:2/feedback": 2,
        "pharos/v1/harbour/new/feedback": 1,
    }


@pytest.mark.parametrize("device", ["#", "+", "a+b", "a\x00", "x" * 70_000, "\ud800"])
def test_what_no_topic_can_name_is_not_answered(board: FeedbackBoard, device: str) -> None:
    board.observe(NOTHING, NOTHING, [Refusal(0, "unknown_device", "", 1, "harbour", device)], NOON)
    assert _due(board, NOON) == {}


def test_a_long_detail_is_cut(board: FeedbackBoard) -> None:
    board.observe(NOTHING, NOTHING, [Refusal(0, "undecodable", "x" * 9_000, 1, "harbour", "meter")], NOON)
    (told,) = _due(board, NOON).values()
    assert len(told["last_error"]["detail"]) == 500


def test_a_gateway_is_told_of_all_that_it_sends_for_its_devices() -> None:
    binding = {"name": "acme", "topic": "acme/{device}/up", "decoder": "tasmota", "gateway": "box"}
    city = towns.city(heat_meter("volume", binding="acme"), heat_meter("volume", name="alone"), bindings=[binding])
    ids = Ids(
        {("harbour", "meter"): 1, ("harbour", "alone"): 2},
        {("harbour", "meter", "volume"): 1, ("harbour", "alone", "volume"): 2},
    )
    board, readings = FeedbackBoard(Catalogue([city], ids), since=NOON), _readings(-1, -2)
    refusals = [
        Refusal(0, "bad_time", "time is nothing; expected RFC 3339", 1, "harbour", "meter"),
        Refusal(1, "unknown_device", "no device of binding acme is called 'x7'", 1, "harbour", "acme/x7"),
        Refusal(2, "implausible", "too much", 1, "harbour", "alone"),
    ]
    board.observe(readings, readings, refusals, NOON)
    told = _due(board, NOON)
    assert told.keys() == {f"pharos/v1/harbour/{name}/feedback" for name in ("meter", "box", "alone")}
    box = told["pharos/v1/harbour/box/feedback"]
    assert (box["accepted"], box["rejected"]) == (2, 2)
    assert [(one["reason"], one["detail"]) for one in box["errors"]] == [
        ("unknown_device", "no device of binding acme is called 'x7'"),
        ("bad_time", "meter: time is nothing; expected RFC 3339"),
    ]
