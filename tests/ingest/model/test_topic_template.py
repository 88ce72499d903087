"""Templates of topics: what they match, what a topic says by its place, and when two have a topic in common."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.topic_template import TopicTemplate

LEVELS = st.lists(st.sampled_from(["a", "b", "{device}", "{other}"]), min_size=1, max_size=4, unique=True)


def template(text: str) -> TopicTemplate:
    return TopicTemplate.parse(text)


@pytest.mark.parametrize(
    ("text", "topic", "said"),
    [
        ("zigbee2mqtt/{device}", "zigbee2mqtt/plug 3", {"device": "plug 3"}),
        ("zigbee2mqtt/{device}", "zigbee2mqtt/plug/set", None),
        ("zigbee2mqtt/{device}", "zigbee2mqtt", None),
        ("zigbee2mqtt/{device}", "zigbee2mqtt/", None),
        ("tele/{device}/SENSOR", "tele/plug/STATE", None),
        (
            "application/{app}/device/{device}/event/up",
            "application/7/device/a8/event/up",
            {"app": "7", "device": "a8"},
        ),
        ("meter/house-3", "meter/house-3", {}),
        ("sp/{message}/plant/{device?}", "sp/DATA/plant/m-1", {"message": "DATA", "device": "m-1"}),
        ("sp/{message}/plant/{device?}", "sp/DATA/plant", {"message": "DATA"}),
        ("sp/{message}/plant/{device?}", "sp/DATA/plant/m-1/x", None),
        ("sp/{message}/plant/{device?}", "sp/DATA", None),
    ],
)
def test_a_topic_says_what_stands_in_place_of_each_placeholder(
    text: str, topic: str, said: dict[str, str] | None
) -> None:
    assert template(text).read(topic.split("/")) == said


def test_the_filter_has_a_wildcard_for_each_placeholder_and_a_filled_topic_for_those_left() -> None:
    parsed = template("shellies/{device}/relay/{number}")
    assert parsed.filter == "shellies/+/relay/+"
    assert parsed.filled({"device": "plug-3"}, "+") == "shellies/plug-3/relay/+"


def test_a_last_level_that_may_be_left_out_is_heard_by_one_filter_and_spoken_on_by_two() -> None:
    parsed = template("sp/{message}/plant/{device?}")
    assert parsed.filter == "sp/+/plant/#"
    assert parsed.all_filled({}, "+") == ("sp/+/plant", "sp/+/plant/+")
    assert parsed.overlaps(template("sp/x/plant"))
    assert parsed.overlaps(template("sp/x/plant/y"))
    assert not parsed.overlaps(template("sp/x/plant/y/z"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zigbee2mqtt/+", "not '+'"),
        ("zigbee2mqtt/#", "not '#'"),
        ("zigbee2mqtt/>", "not '>'"),
        ("zigbee2mqtt/*", "not '*'"),
        ("/zigbee2mqtt", "not an empty level"),
        ("a/{device", "not '{device'"),
        ("a/x{device}", "not 'x{device}'"),
        ("two words/{device}", "not 'two words'"),
        ('a"b/{device}', "not 'a\"b'"),
        ("$SYS/{device}", "does not begin with"),
        ("{a}/{a}", "not {a} twice"),
        ("{device?}", "as the last of several levels"),
        ("a/{device?}/state", "as the last of several levels"),
        ("a" * 201, "at most 200 characters, not 201"),
    ],
)
def test_what_is_no_template_is_refused_in_words(text: str, expected: str) -> None:
    with pytest.raises(ValueError, match=re.escape(expected)):
        template(text)


@given(one=LEVELS, other=LEVELS)
def test_two_templates_overlap_if_and_only_if_a_topic_is_of_both(one: list[str], other: list[str]) -> None:
    first, second = (template("/".join(levels)) for levels in (one, other))
    common = [
        literal if own.startswith("{") else own
        for own, literal in zip(one, [each if not each.startswith("{") else "a" for each in other], strict=False)
    ]
    has_common = len(one) == len(other) and first.read(common) is not None and second.read(common) is not None
    assert first.overlaps(second) == second.overlaps(first) == has_common
