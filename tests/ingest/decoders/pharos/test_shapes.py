"""What a message looks like: objects, arrays of them, their keys, and what is none of it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoder import Flaw, Sample
from ingest.decoders.pharos import decode
from ingest.decoders.pharos.patient import decode_patiently
from ingest.errors import DecodeError
from ingest.reasons import Reason
from tests.ingest.decoders.pharos.payloads import NOON, decoded, reasons


def test_an_array_is_as_many_samples() -> None:
    hours = [{"time": NOON // 1000 + hour, "values": {"volume": hour}} for hour in range(3)]
    assert [sample.values["volume"] for sample in decoded(hours)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("payload", "detail"),
    [
        ("[]", "the array holds no object; expected at least one reading"),
        ('{"values": {}}', "'values' holds no quantity; expected at least one reading"),
        ('{"values":{},"time":"2026-11-21T12:00:00Z"}', "'values' holds no quantity; expected at least one reading"),
    ],
)
def test_a_message_that_says_nothing_is_told_and_stands_for_no_reading(payload: str, detail: str) -> None:
    (sample,) = decode(payload.encode())
    assert sample.values == {}
    assert sample.flaws == (Flaw(Reason.EMPTY, detail, 0),)


def test_a_sample_that_says_nothing_costs_no_other_and_is_told() -> None:
    good, empty = decoded([{"values": {"flow": 1}}, {"values": {}}])
    assert good == Sample(None, {"flow": 1.0})
    assert reasons(empty) == [(Reason.EMPTY, 0)]


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ("", "expected JSON, found nothing"),
        ('{"values": ', "expected JSON, but the text ends after 11 characters, before it is complete"),
        ('{"values": {"flow', "expected JSON, but the text stops being JSON at character 13: '\"flow'"),
        ('{"values": {"flow": 1}} {}', "expected JSON, but the text stops being JSON at character 25: '{}'"),
        ("null", "expected an object or an array of objects, found null"),
        ("true", "expected an object or an array of objects, found true"),
        ('"text"', "expected an object or an array of objects, found the text 'text'"),
    ],
)
def test_what_is_no_message_is_told_in_plain_words(payload: str, sentence: str) -> None:
    with pytest.raises(DecodeError) as refusal:
        decode(payload.encode())
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("sample", "sentence"),
    [
        ({}, "expected an object of numbers at 'values', found nothing"),
        ({"values": None}, "expected an object of numbers at 'values', found null"),
        ({"values": [1]}, "expected an object of numbers at 'values', found an array"),
        (None, "expected an object, found null"),
        (["a"], "expected an object, found an array"),
    ],
)
def test_a_sample_of_another_shape_is_told_in_plain_words(sample: object, sentence: str) -> None:
    (refused,) = decoded([sample])
    assert refused.flaws[0].detail == sentence


@pytest.mark.parametrize(
    "element", [3, None, "text", {}, {"values": 1}, {"values": {"flow": 1}, "timestamp": 1}, {"values": {}, "units": 1}]
)
def test_an_element_of_another_shape_is_refused_once_and_the_others_are_kept(element: object) -> None:
    bad, good = decoded([element, {"values": {"flow": 1}}])
    assert reasons(bad) == [(Reason.UNDECODABLE, 1)]
    assert good == Sample(None, {"flow": 1.0})


def test_a_misspelt_key_is_named_instead_of_ignored() -> None:
    (sample,) = decoded({"timestamp": NOON, "values": {"flow": 1}})
    assert (
        sample.flaws[0].detail
        == "unknown key 'timestamp'; expected time, values, units, serial_number, revision, begin, end; "
        "did you mean 'time'?"
    )


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"41.2", b'"text"', b"null", b"\xff\xfe", b'{"values": {"flow": 1}} {}']
)
def test_what_is_no_message_is_a_decode_error(payload: bytes) -> None:
    with pytest.raises(DecodeError, match="expected"):
        decode(payload)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"values": st.dictionaries(st.text(), st.none() | st.floats(allow_nan=False, allow_infinity=False))},
            optional={
                "time": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat) | st.integers(0, 10**13),
                "units": st.dictionaries(st.text(), st.text()),
            },
        )
    ),
    st.booleans(),
)
def test_the_typed_and_the_patient_path_agree_on_good_messages(documents: object, ascii_only: bool) -> None:
    payload = json.dumps(documents, ensure_ascii=ascii_only).encode("utf-8", "replace")
    assert decode(payload) == decode_patiently(payload)


def test_an_extra_key_refuses_itself_and_stands_for_no_reading() -> None:
    (sample,) = decoded({"time": NOON // 1000, "values": {"flow": 1}, "rssi": -70, "fw": "1.2"})
    assert (sample.time, sample.values) == (NOON, {"flow": 1.0})
    assert reasons(sample) == [(Reason.UNDECODABLE, 0)]
    assert sample.flaws[0].detail.startswith(
        "unknown key 'rssi'; expected time, values, units, serial_number, revision, begin, end (and 1 "
    )


@pytest.mark.parametrize(
    ("extra", "meant"),
    [
        ({"ts": 1}, "time"),
        ({"timestamp": "2026-11-21T12:00:00Z"}, "time"),
        ({"Time": 1}, "time"),
        ({"unit": {"flow": "l/h"}}, "units"),
    ],
)
def test_a_misspelt_key_without_which_values_mean_something_else_refuses_them(
    extra: dict[str, object], meant: str
) -> None:
    (sample,) = decoded({"values": {"flow": 1}} | extra)
    assert sample.values == {}
    assert reasons(sample) == [(Reason.UNDECODABLE, 1)]
    assert sample.flaws[0].detail.endswith(f"; did you mean '{meant}'?")


def test_elements_that_are_no_objects_stand_for_one_reading_together() -> None:
    samples = decoded([1, {"values": {"flow": 1}}, None, "x"])
    assert [reasons(sample) for sample in samples] == [[(Reason.UNDECODABLE, 1)], []]
    assert samples[0].flaws[0].detail == "expected an object, found the number 1, and 2 more that are no object"
