"""Documents of formats that are not ours: read whatever they hold, flat, with instants of the forms in use."""

import pytest

from ingest.errors import DecodeError, OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.time import SECOND
from ingest.payloads import instants
from ingest.payloads.document import document, named, record
from ingest.payloads.fields import fields

NOON = 1_795_262_400_000_000  # 2026-11-21T12:00:00Z


def test_fields_are_named_by_their_path() -> None:
    found = fields({"a": {"b": [1, {"c": True}], "d": None}, "e": "x", "f": False}, "object", DEFAULT)
    assert found.values == {"object.a.b.0": 1.0, "object.a.b.1.c": 1.0, "object.f": 0.0}
    assert found.texts == {"object.e": "x"}


def test_what_no_float_holds_is_handed_on_as_text() -> None:
    found = fields(document(b'{"a": NaN, "b": 1e999, "c": 1' + b"0" * 310 + b"}"), "", DEFAULT)
    assert (found.values, found.texts) == ({}, {"a": "nan", "b": "inf", "c": "a number beyond every float"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": {"b": {"c": 1}}}', "found 3 levels of nesting or more in one message, 2 are allowed"),
        ('{"a": [1, 2, 3, 4]}', "found 4 fields in one message, 3 are allowed"),
        ('{"aaaaaaaaaaa": 1}', "found 11 characters in the path of a field in one message, 10 are allowed"),
    ],
)
def test_what_exceeds_a_limit_is_refused_whole(text: str, sentence: str) -> None:
    with pytest.raises(OverLimitError, match=sentence):
        fields(document(text.encode()), "", PayloadLimits(readings=3, depth=2, name=10))


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (b"", "expected JSON, found nothing"),
        (b"[1, 2", "expected JSON, but the text ends after 5 characters, before it is complete"),
        (b'{"a": x}', "expected JSON, but the text stops being JSON at character 7: 'x}'"),
        (b'{"a": "\xff"}', "expected text in UTF-8, found 0xff as byte 8"),
        (b"[" * 100_000, "expected a JSON document, found deep nesting"),
        (rb'["\ud800"]', "expected text, found half of a surrogate pair"),
        (b"[1]", "expected a JSON object, found an array"),
        (b"true", "expected a JSON object, found true or false"),
    ],
)
def test_what_is_no_document_is_told_in_plain_words(payload: bytes, sentence: str) -> None:
    with pytest.raises(DecodeError) as refusal:
        record(payload)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "nothing"),
        ("x", "the text 'x'"),
        ({}, "an object"),
        ([1], "an array"),
        (False, "true or false"),
        (1.5, "the number 1.5"),
        (b"x", "bytes"),
        ((), "something else"),
    ],
)
def test_what_stands_somewhere_is_told_in_words(found: object, words: str) -> None:
    assert named(found) == words


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T12:00:00Z",
        "2026-11-21 13:00:00.000+01:00",
        "2026-11-21t12:00:00.000000999z",
        "2026-11-21T12:00:00+0000",
    ],
)
def test_a_time_with_offset_is_an_instant(text: str) -> None:
    assert instants.of_text(text) == NOON


@pytest.mark.parametrize(
    "found", ["2026-11-21T12:00:00", "2026-11-21", "2026-13-21T12:00:00Z", "0001-01-01T00:00:00+14:00", 5, None]
)
def test_a_time_without_offset_is_none(found: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        instants.of_text(found)


def test_a_number_counts_units_since_1970() -> None:
    assert instants.of_number(1_795_262_400) == instants.of_number(1_795_262_400_000, SECOND // 1000) == NOON
    assert instants.of_number(1_795_262_400.25) == NOON + SECOND // 4


@pytest.mark.parametrize("found", [True, "1795262400", 1e300, float("nan"), 10**400])
def test_what_counts_no_time_is_none(found: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        instants.of_number(found)
