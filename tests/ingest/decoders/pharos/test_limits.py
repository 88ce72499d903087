"""How large a message may be."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoders.pharos import decode
from ingest.decoders.pharos.outline import Outline, outline
from ingest.errors import OverLimitError
from ingest.limits import PayloadLimits
from tests.ingest.decoders.pharos.payloads import NOON, decoded

LIMITS = PayloadLimits(samples=3, readings=4, depth=3, name=20)


@pytest.mark.parametrize(
    ("document", "sentence", "readings"),
    [
        ([{"values": {"flow": 1}}] * 4, "found 4 elements in one message, 3 are allowed", 4),
        ([{"values": {"flow": "x"}}] * 4, "found 4 elements in one message, 3 are allowed", 4),
        ([1] * 4, "found 4 elements in one message, 3 are allowed", 1),
        ([{}] * 4, "found 4 elements in one message, 3 are allowed", 1),
        ([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]], "found 4 elements in one message, 3 are allowed", 1),
        ({"values": {"flow": [[1, 2, 3]]}}, "found 4 levels of nesting in one message, 3 are allowed", 1),
        ({"values": {"flow": [1, 2, 3]}}, "found 4 elements in one message, 3 are allowed", 1),
        ({"values": {f"q{n}": 1 for n in range(5)}}, "found 5 readings in one message, 4 are allowed", 5),
        ({"values": {f"q{n}": True for n in range(5)}}, "found 5 readings in one message, 4 are allowed", 5),
        ({"values": {"a" * 21: 1}}, "found 21 characters in a name in one message, 20 are allowed", 1),
        ({"values": {"a" * 21: True}}, "found 21 characters in a name in one message, 20 are allowed", 1),
        ({"values": {"a": 1}, "units": {"a": "b" * 21}}, "found 21 characters in a name in one message, 20", 1),
    ],
)
def test_what_exceeds_a_limit_is_refused_whole_with_the_readings_it_held(
    document: object, sentence: str, readings: int
) -> None:
    with pytest.raises(OverLimitError) as refusal:
        decode(json.dumps(document).encode(), LIMITS)
    assert str(refusal.value).startswith(sentence)
    assert refusal.value.readings == readings


def test_what_is_just_within_the_limits_is_taken() -> None:
    documents = [{"values": {"a" * 20: 1}}, {"values": {"b" * 20: 2, "c": "x"}, "units": {"c": "u" * 20}}]
    payload = json.dumps([*documents, {"time": None, "values": {"d": 4}}]).encode()
    assert len(decode(payload, LIMITS)) == 3


@given(st.text())
def test_marks_inside_of_strings_count_for_nothing(text: str) -> None:
    payload = json.dumps({"values": {text: 1}}, ensure_ascii=False).encode("utf-8", "replace")
    assert outline(payload) == Outline(2, 1, 1)


def test_ten_thousand_samples_are_a_message() -> None:
    hours = [{"time": NOON // 1000 + hour, "values": {"volume": hour}} for hour in range(10_000)]
    assert len(decoded(hours)) == 10_000
