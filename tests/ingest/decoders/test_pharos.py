"""The native payload: what is good is taken, what is bad is named, and neither costs the other."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoder import Flaw, Sample
from ingest.decoders.pharos import decode
from ingest.decoders.pharos.outline import Outline, outline
from ingest.decoders.pharos.patient import decode_patiently
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import PayloadLimits
from ingest.model.given_interval import GivenInterval
from ingest.model.time import MINUTE, SECOND, to_micros
from ingest.reasons import Reason

NOON = 1_795_262_400_000_000  # 2026-11-21T12:00:00Z
START = NOON - 40 * MINUTE


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


@pytest.mark.parametrize(
    ("edges", "time"),
    [
        ({"begin": "2026-11-21T11:20:00Z", "time": "2026-11-21T12:00:00Z"}, NOON),
        ({"begin": "2026-11-21T12:20:00+01:00", "end": NOON // 1000}, NOON),
        ({"time": START // 1000, "end": "2026-11-21T12:00:00Z"}, START),
        ({"begin": START // 1000, "end": NOON // 1000, "time": None}, NOON),
        ({"begin": START // 1000, "end": NOON // 1000, "time": NOON // 1000 + 1}, NOON + 1000),
    ],
)
def test_amounts_may_be_for_an_interval_of_which_time_is_the_edge_that_is_not_given(
    edges: dict[str, object], time: int
) -> None:
    document = edges | {"values": {"electricity_energy": 3.1, "connector_status": "Charging"}, "revision": 2}
    (sample,) = _decode(document)
    assert (sample.time, sample.interval, sample.flaws) == (time, GivenInterval(START, NOON), ())
    assert decode_patiently(json.dumps(document).encode()) == [sample]


@pytest.mark.parametrize(("edge", "other"), [("begin", "end"), ("end", "begin")])
def test_an_edge_that_stands_alone_refuses_its_object_and_names_the_other(edge: str, other: str) -> None:
    bad, good = _decode([{edge: NOON // 1000, "values": {"volume": 1, "flow": 2}}, {"values": {"flow": 1}}])
    assert bad.values == {}
    assert [(flaw.reason, flaw.readings, flaw.field) for flaw in bad.flaws] == [(Reason.BAD_INTERVAL, 2, edge)]
    assert bad.flaws[0].detail.endswith(f"expected the {other} of the interval beside it, at {other} or at time")
    assert good.values == {"flow": 1.0}


@pytest.mark.parametrize("begin", ["2026-11-21T11:20:00", "yesterday", NOON // SECOND, 1.5, True, {}])
def test_a_begin_that_is_no_time_is_told_at_its_key(begin: object) -> None:
    (sample,) = _decode({"begin": begin, "time": NOON // 1000, "values": {"volume": 1}})
    assert [(flaw.reason, flaw.readings, flaw.field) for flaw in sample.flaws] == [(Reason.BAD_TIME, 1, "begin")]
    assert sample.flaws[0].detail.startswith("begin is ")


def test_a_begin_that_is_given_twice_is_no_begin() -> None:
    payload = f'{{"begin":{START // 1000},"begin":{START // 1000},"time":{NOON // 1000},"values":{{"volume":1}}}}'
    (sample,) = decode(payload.encode())
    assert _reasons(sample) == [(Reason.UNDECODABLE, 1)]


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


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:60Z"])
def test_a_time_that_its_offset_carries_out_of_the_calendar_refuses_its_sample(time: str) -> None:
    bad, good = _decode([{"time": time, "values": {"flow": 1}}, {"values": {"flow": 1}}])
    assert _reasons(bad) == [(Reason.BAD_TIME, 1)]
    assert good == Sample(None, {"flow": 1.0})


def test_a_time_outside_of_the_calendar_is_told_so() -> None:
    (sample,) = _decode({"time": "0001-01-01T00:00:00+23:59", "values": {"flow": 1}})
    assert sample.flaws[0].detail.endswith("which in UTC is outside of the years 1 to 9999")


@pytest.mark.parametrize(
    ("time", "unit"),
    [
        (NOON // 1_000_000, "seconds"),
        (NOON / 1_000_000 + 0.5, "seconds"),
        (NOON, "microseconds"),
        (NOON * 1000, "nanoseconds"),
    ],
)
def test_a_number_that_looks_like_another_unit_of_time_is_told_so(time: float, unit: str) -> None:
    (sample,) = _decode({"time": time, "values": {"flow": 1}})
    assert _reasons(sample) == [(Reason.BAD_TIME, 1)]
    assert sample.flaws[0].detail.endswith(f"which looks like {unit}; milliseconds expected")


@pytest.mark.parametrize(
    ("leap", "after"),
    [
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2016-12-31t23:59:60.25z", "2017-01-01T00:00:00.25Z"),
        ("2016-12-31T15:59:60-08:00", "2017-01-01T00:00:00Z"),
    ],
)
def test_a_leap_second_is_the_first_second_of_the_day_after(leap: str, after: str) -> None:
    assert _decode({"time": leap, "values": {"flow": 1}}) == _decode({"time": after, "values": {"flow": 1}})


@pytest.mark.parametrize("time", ["2016-12-31T12:00:60Z", "2016-12-31T23:59:61Z", "2016-12-31T23:59:60"])
def test_a_sixtieth_second_elsewhere_is_none(time: str) -> None:
    (sample,) = _decode({"time": time, "values": {"flow": 1}})
    assert _reasons(sample) == [(Reason.BAD_TIME, 1)]


def test_an_extra_key_refuses_itself_and_stands_for_no_reading() -> None:
    (sample,) = _decode({"time": NOON // 1000, "values": {"flow": 1}, "rssi": -70, "fw": "1.2"})
    assert (sample.time, sample.values) == (NOON, {"flow": 1.0})
    assert _reasons(sample) == [(Reason.UNDECODABLE, 0)]
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
    (sample,) = _decode({"values": {"flow": 1}} | extra)
    assert sample.values == {}
    assert _reasons(sample) == [(Reason.UNDECODABLE, 1)]
    assert sample.flaws[0].detail.endswith(f"; did you mean '{meant}'?")


def test_a_unit_of_no_value_refuses_its_sample_and_says_which_was_meant() -> None:
    bad, good = _decode(
        [
            {"values": {"heat_energy": 5.3, "volume": 1}, "units": {"heat_enrgy": "MWh"}},
            {"values": {"heat_energy": 1}, "units": {"heat_energy": "MWh"}},
        ]
    )
    assert _reasons(bad) == [(Reason.UNIT_MISMATCH, 2)]
    assert bad.flaws[0].detail == "'units' names 'heat_enrgy', of which there is no value; did you mean 'heat_energy'?"
    assert good.values == {"heat_energy": 1.0}


@pytest.mark.parametrize("value", [None, "text", True])
def test_a_unit_of_a_value_that_is_none_or_refused_is_no_stray_one(value: object) -> None:
    (sample,) = _decode({"values": {"flow": value, "volume": 1}, "units": {"flow": "l/h"}})
    assert sample.values["volume"] == 1.0


def test_elements_that_are_no_objects_stand_for_one_reading_together() -> None:
    samples = _decode([1, {"values": {"flow": 1}}, None, "x"])
    assert [_reasons(sample) for sample in samples] == [[(Reason.UNDECODABLE, 1)], []]
    assert samples[0].flaws[0].detail == "expected an object, found the number 1, and 2 more that are no object"


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
    assert len(_decode(hours)) == 10_000


@pytest.mark.parametrize(
    ("revision", "number"),
    [
        (7, 7.0),
        (-0.5, -0.5),
        ("2026-11-21T12:00:00Z", NOON / 1000),
        ("2026-11-21T13:00:00.000001+01:00", NOON / 1000 + 0.001),
        (None, None),
    ],
)
def test_a_message_may_say_when_its_values_were_issued(revision: object, number: float | None) -> None:
    document = {"time": NOON // 1000, "values": {"volume": 1}, "revision": revision}
    assert _decode(document) == [Sample(NOON, {"volume": 1.0}, revision=number)]
    assert decode_patiently(json.dumps(document).encode()) == _decode(document)
    assert _decode(document | {"values": {"connector_status": "Available"}})[0].revision == number


@pytest.mark.parametrize("revision", ["7", "2026-11-21", "2026-11-21T12:00:00", True, [7], "0001-01-01T00:00:00+05:00"])
def test_a_revision_that_is_none_is_told(revision: object) -> None:
    (sample,) = _decode({"values": {"volume": 1, "flow": None}, "revision": revision})
    assert _reasons(sample) == [(Reason.BAD_REVISION, 1)]
    assert sample.flaws[0].field == "revision"
    assert "expected RFC 3339 with offset" in sample.flaws[0].detail


def test_a_revision_beyond_every_float_is_told() -> None:
    (sample,) = decode(b'{"values": {"volume": 1}, "revision": 1' + b"0" * 400 + b"}")
    assert _reasons(sample) == [(Reason.BAD_REVISION, 1)]
