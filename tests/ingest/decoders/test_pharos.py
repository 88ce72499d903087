"""The native payload: what is good is taken, what is bad is named, and neither costs the other."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoder import Flaw, Sample
from ingest.decoders.pharos import decode
from ingest.decoders.pharos.patient import decode_patiently
from ingest.errors import DecodeError
from ingest.model.time import to_micros
from ingest.reasons import Reason

NOON = 1_795_262_400_000_000  # 2026-11-21T12:00:00Z


def _decode(document: object) -> list[Sample]:
    return decode(json.dumps(document).encode())


def _reasons(sample: Sample) -> list[tuple[Reason, int]]:
    return [(flaw.reason, flaw.readings) for flaw in sample.flaws]


@pytest.mark.parametrize(
    "time", ["2026-11-21T12:00:00Z", "2026-11-21T13:00:00+01:00", "2026-11-21t17:30:00.000+05:30", NOON // 1000]
)
def test_a_time_is_the_same_instant_however_it_is_written(time: object) -> None:
    assert _decode({"time": time, "values": {"heat_energy": 5347.6}}) == [Sample(NOON, {"heat_energy": 5347.6})]


def test_a_message_without_time_has_none() -> None:
    assert _decode({"values": {"volume": 1}}) == [Sample(None, {"volume": 1.0})]
    assert _decode({"time": None, "values": {"volume": 1}, "units": None}) == [Sample(None, {"volume": 1.0})]


@pytest.mark.parametrize("serial", ["71120045", "E-450 'b'", "a" * 64, '"', None])
def test_a_message_may_say_which_meter_was_read(serial: str | None) -> None:
    document = {"time": NOON // 1000, "values": {"volume": 1}, "serial_number": serial}
    assert _decode(document) == [Sample(NOON, {"volume": 1.0}, serial_number=serial)]
    assert decode_patiently(json.dumps(document).encode()) == _decode(document)


@pytest.mark.parametrize("serial", ["", "a" * 65, "71120045\n", "a\x00", "Zähler", 71120045, ["a"]])
def test_a_serial_number_that_is_none_is_told(serial: object) -> None:
    (sample,) = _decode({"values": {"volume": 1}, "serial_number": serial})
    assert _reasons(sample) == [(Reason.UNDECODABLE, 1)]
    assert "at 'serial_number'" in sample.flaws[0].detail


def test_an_array_is_as_many_samples() -> None:
    hours = [{"time": NOON // 1000 + hour, "values": {"volume": hour}} for hour in range(3)]
    assert [sample.values["volume"] for sample in _decode(hours)] == [0, 1, 2]


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
    good, empty = _decode([{"values": {"flow": 1}}, {"values": {}}])
    assert good == Sample(None, {"flow": 1.0})
    assert _reasons(empty) == [(Reason.EMPTY, 0)]


def test_units_travel_with_the_sample() -> None:
    (sample,) = _decode({"values": {"heat_energy": 1}, "units": {"heat_energy": "MWh"}})
    assert sample.units == {"heat_energy": "MWh"}


def test_null_is_no_reading_and_no_fault() -> None:
    (sample,) = _decode({"values": {"volume": None, "flow": 1}})
    assert sample == Sample(None, {"volume": None, "flow": 1.0})


@pytest.mark.parametrize("bad", ["true", "[1]", '{"v": 1}', "NaN", "-Infinity", "1e999", "1" * 400, "1" * 5000])
def test_a_value_that_is_no_number_is_refused_and_the_others_are_kept(bad: str) -> None:
    (sample,) = decode(f'{{"values": {{"flow": {bad}, "volume": 2}}}}'.encode())
    assert sample.values == {"volume": 2.0}
    assert _reasons(sample) == [(Reason.NOT_A_NUMBER, 1)]
    assert "'flow'" in sample.flaws[0].detail


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
    (refused,) = _decode([sample])
    assert refused.flaws[0].detail == sentence


@pytest.mark.parametrize(
    ("time", "found"),
    [(True, "true"), ([], "an array"), ({}, "an object"), ("", "the text ''"), (1.5, "the number 1.5")],
)
def test_what_is_no_instant_is_told_in_plain_words(time: object, found: str) -> None:
    (refused,) = _decode({"time": time, "values": {"flow": 1}})
    assert refused.flaws[0].detail.startswith(f"time is {found}; expected RFC 3339")


def test_a_wrong_time_without_readings_is_told_and_stands_for_none() -> None:
    (refused,) = _decode({"time": "yesterday", "values": {"flow": None}})
    assert _reasons(refused) == [(Reason.BAD_TIME, 0)]


def test_a_quantity_given_twice_is_refused_as_often_as_it_was_given() -> None:
    (sample,) = decode(b'{"values": {"flow": 1, "volume": 2, "flow": 1}}')
    assert sample.values == {"volume": 2.0}
    assert _reasons(sample) == [(Reason.DUPLICATE_KEY, 2)]


@pytest.mark.parametrize(
    "time", ["2026-11-21T12:00:00", "yesterday", "", 1.5, True, [], 10**18, -(10**18), "2026-02-30T00:00:00Z"]
)
def test_what_is_no_instant_refuses_its_sample_and_no_other(time: object) -> None:
    bad, good = _decode([{"time": time, "values": {"flow": 1, "volume": None}}, {"values": {"flow": 1}}])
    assert _reasons(bad) == [(Reason.BAD_TIME, 1)]
    assert good == Sample(None, {"flow": 1.0})


@pytest.mark.parametrize(
    "element", [3, None, "text", {}, {"values": 1}, {"values": {"flow": 1}, "timestamp": 1}, {"values": {}, "units": 1}]
)
def test_an_element_of_another_shape_is_refused_once_and_the_others_are_kept(element: object) -> None:
    bad, good = _decode([element, {"values": {"flow": 1}}])
    assert _reasons(bad) == [(Reason.UNDECODABLE, 1)]
    assert good == Sample(None, {"flow": 1.0})


def test_a_misspelt_key_is_named_instead_of_ignored() -> None:
    (sample,) = _decode({"timestamp": NOON, "values": {"flow": 1}})
    assert (
        sample.flaws[0].detail
        == "unknown key 'timestamp'; expected time, values, units, serial_number; did you mean 'time'?"
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


@given(st.datetimes(timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))))
def test_every_rfc_3339_time_is_read_to_the_microsecond(time: datetime) -> None:
    (sample,) = _decode({"time": time.isoformat(), "values": {}})
    assert sample.time == to_micros(time)


def test_a_text_is_kept_beside_the_numbers_for_whoever_knows_the_quantity() -> None:
    (sample,) = _decode({"time": NOON // 1000, "values": {"connector_status": "Charging", "flow": 1, "volume": None}})
    assert sample == Sample(NOON, {"flow": 1.0, "volume": None}, texts={"connector_status": "Charging"})


@pytest.mark.parametrize("text", ['"', "\\", "\u00e9", "", "Charging"])
def test_both_readings_of_a_payload_agree_on_texts(text: str) -> None:
    payload = json.dumps([{"values": {"connector_status": text, "flow": 2.5}, "units": {"flow": "l/h"}}]).encode()
    assert decode(payload) == decode_patiently(payload)


def test_a_text_given_twice_is_refused() -> None:
    (sample,) = decode(b'{"values": {"connector_status": "Faulted", "connector_status": "Available"}}')
    assert sample.texts == {}
    assert _reasons(sample) == [(Reason.DUPLICATE_KEY, 2)]
