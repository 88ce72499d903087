"""What curves of samples are: registers, gauges, amounts, and how often they come."""

from ingest.inbox.curve import Shape, interval, shape, written
from ingest.model.time import DAY, MINUTE, SECOND
from ingest.topic_shape import shape as shape_of_topic


def points(*values: float) -> list[tuple[int, float]]:
    """Return values a minute apart."""
    return [(number * MINUTE, value) for number, value in enumerate(values)]


def test_a_curve_is_told_by_its_rises_and_falls() -> None:
    curves = {
        "a register": (points(1, 2, 2, 5), Shape.RISES),
        "a register that starts anew": (points(*range(12), 0, 1), Shape.RISES),
        "a gauge": (points(20, 21, 20, 22), Shape.MOVES),
        "a gauge that falls": (points(5, 4, 3), Shape.MOVES),
        "below zero": (points(-3, -2, -1), Shape.MOVES),
        "nothing": (points(1, 1, 1), Shape.RESTS),
        "too few": (points(1, 2), Shape.UNKNOWN),
    }
    assert {name: shape(curve) for name, (curve, _) in curves.items()} == {
        name: told for name, (_, told) in curves.items()
    }
    for curve, told in curves.values():
        assert shape(list(reversed(curve))) is told  # whatever came first


def test_an_interval_is_the_usual_one_next_to_what_is_seen() -> None:
    assert interval([0, 15 * MINUTE, 30 * MINUTE + 9 * SECOND, 45 * MINUTE]) == 15 * MINUTE
    assert interval([0, 7 * MINUTE + SECOND, 14 * MINUTE, 21 * MINUTE + 3 * SECOND]) == 7 * MINUTE
    assert interval([0, 3 * SECOND, 6 * SECOND, 9 * SECOND]) == 3 * SECOND
    assert interval([0, 2 * DAY, 4 * DAY]) == 2 * DAY
    assert interval([0, SECOND // 5, 2 * SECOND // 5]) == SECOND
    assert interval([0, MINUTE]) is None
    assert [written(one) for one in (15 * MINUTE, 30 * SECOND, DAY)] == ["PT15M", "PT30S", "PT24H"]


def test_topics_of_one_sender_have_one_shape() -> None:
    shapes = {
        "zigbee2mqtt/room_12": "zigbee2mqtt/room_12",
        "shellies/em-1/emeter/0/power": "shellies/em-1/emeter/0/+",
        "ocpp/CP1/up/request/MeterValues/b7c1": "ocpp/CP1/up/request/+/+",
        "acme/m7/phase/3": "acme/m7/phase/+",
        "a/b/c/d/e/f/g/h/i/j": "a/b/c/d/e/f/g/h/#",
    }
    assert {topic: shape_of_topic(topic) for topic in shapes} == shapes
