"""Frames read by a profile: what each kind of step makes of bytes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoder import Frame, Sample
from ingest.errors import CityFileError
from ingest.lorawan import profiles
from ingest.lorawan.frames import read
from ingest.model.city import city_file
from ingest.model.city.assets import City
from ingest.model.frames.profile import Profile
from tests.ingest.lorawan.test_profiles import shipped
from tests.towns import heat_meter, town

NOON = 1_795_262_400_000_000  # 2026-11-21T12:00:00Z, 0x6b0187c0 seconds


def _profile(message: dict[str, Any], **keys: Any) -> Profile:  # noqa: ANN401 - keys of a profile
    return Profile.model_validate({"name": "p", "messages": [message], **keys})


def _read(profile: Profile, frame: str, port: int = 1) -> list[Sample]:
    return read(profile, Sample(NOON, {}, frame=Frame(port, bytes.fromhex(frame)), device="eui"))


def _values(step: dict[str, Any], frame: str, order: str = "big") -> dict[str, float | None]:
    (sample,) = _read(_profile({"fields": [{"value": "v", **step}]}, byte_order=order), frame)
    return dict(sample.values)


@pytest.mark.parametrize(
    ("step", "frame", "value"),
    [
        ({"type": "u8"}, "ff", 255.0),
        ({"type": "s8"}, "ff", -1.0),
        ({"type": "u16"}, "0102", 258.0),
        ({"type": "s24"}, "fffffe", -2.0),
        ({"type": "u32"}, "ffffffff", 4294967295.0),
        ({"type": "f32"}, "3fc00000", 1.5),
        ({"type": "bcd4"}, "1234", 1234.0),
        ({"type": "bcd6"}, "f00123", -123.0),
        ({"type": "s16", "divide": 10}, "00e2", 22.6),
        ({"type": "u16", "scale": 175.72, "divide": 65536, "offset": -46.85}, "67bd", 24.35660461425781),
        ({"type": "u8", "mask": 0x7F}, "a4", 36.0),
        ({"type": "u16", "absent": [0xFFFF]}, "ffff", None),
        ({"type": "f32"}, "7fc00000", None),
    ],
)
def test_a_number_is_read_by_its_type(step: dict[str, Any], frame: str, value: float | None) -> None:
    assert _values(step, frame) == {"v": pytest.approx(value)}


def test_the_lowest_byte_comes_first_where_a_profile_says_so() -> None:
    assert _values({"type": "u16"}, "0201", "little") == {"v": 258.0}
    assert _values({"type": "bcd4"}, "3412", "little") == {"v": 1234.0}


def test_flags_say_which_blocks_follow() -> None:
    blocks = [[{"value": name, "type": "u8", "unit": "degC"}] for name in ("a", "b", "c")]
    profile = _profile({"begins": ["02"], "fields": [{"skip": 1}], "flags": {"type": "u8", "blocks": blocks}})
    (sample,) = _read(profile, "02ee050107")
    assert (sample.values, sample.units) == ({"a": 1.0, "c": 7.0}, {"a": "degC", "c": "degC"})
    assert (sample.time, sample.device, sample.frame) == (NOON, "eui", None)


def test_tags_may_have_several_lengths_and_channels() -> None:
    tagged = {
        "01": [{"value": "one", "type": "u8"}],
        "02fd": [{"value": "two", "type": "u8"}],
        "xx67": [{"value": "t.xx", "type": "u8"}],
        "ff": [{"rest": True}],
    }
    (sample,) = _read(_profile({"tagged": tagged}), "010a02fd0b03670c04670d036701ff00")
    assert sample.values == {"one": 10.0, "two": 11.0, "t.3": 12.0, "t.4": 13.0, "t.3.2": 1.0}


def test_a_time_with_values_is_theirs_and_alone_holds_for_the_others() -> None:
    time = {"time": "u32"}
    tagged = {
        "01": [{"value": "v", "type": "u8"}],
        "20": [time, {"value": "v", "type": "u8"}],
        "30": [time],
    }
    profile = _profile({"tagged": tagged})
    now, past = _read(profile, "0107206b01878408")
    assert (now.time, now.values) == (NOON, {"v": 7.0})
    assert (past.time, past.values) == (NOON - 60_000_000, {"v": 8.0})
    (logged,) = _read(profile, "306b0187840109")
    assert (logged.time, logged.values) == (NOON - 60_000_000, {"v": 9.0})
    (unknown,) = _read(profile, "30000000000109")
    assert unknown.time == NOON


@pytest.mark.parametrize(
    ("frame", "values", "sentence"),
    [
        ("0107020304", {"v": 7.0}, "p: what begins with 020304 after 2 bytes is not known"),
        ("010701", {"v": 7.0}, "p: the frame ends after 3 bytes, within v"),
        ("0107031a", {"v": 7.0}, "p: expected decimal digits of d, found 1a"),
    ],
)
def test_what_cannot_be_read_on_keeps_what_was_read(frame: str, values: dict[str, float], sentence: str) -> None:
    tagged = {"01": [{"value": "v", "type": "u8"}], "03": [{"value": "d", "type": "bcd2"}]}
    (sample,) = _read(_profile({"tagged": tagged}), frame)
    assert sample.values == values
    assert [(flaw.reason, flaw.detail, flaw.readings) for flaw in sample.flaws] == [("undecodable", sentence, 1)]


def test_a_frame_of_another_port_or_beginning_is_told_and_stands_for_no_reading() -> None:
    profile = _profile({"ports": [2], "begins": ["aa", "bb"], "fields": [{"value": "v", "type": "u8"}]})
    assert _read(profile, "bb05", port=2)[0].values == {"v": 5.0}
    for frame, port in (("cc05", 2), ("bb05", 3)):
        (sample,) = _read(profile, frame, port)
        (flaw,) = sample.flaws
        assert (flaw.reason, flaw.readings, sample.values) == ("empty", 0, {})
        assert flaw.detail == f"p knows no frame on port {port} that begins with {frame}"


@pytest.mark.parametrize(
    ("kind", "place", "told"),
    [
        ({"fields": [{"value": "v", "type": "u12"}]}, "fields[0].type", "expected 'u8', 's8', 'u16', "),
        (
            {"fields": [{"value": "v", "type": "u8", "divide": 0}]},
            "fields[0].divide",
            "expected a number that is",
        ),
        (
            {"fields": [{"value": "v", "type": "u8", "unit": "lux"}]},
            "fields[0].unit",
            "expected one of 1, %, ",
        ),
        (
            {"fields": [{"value": "v", "type": "u8", "quantity": "x"}]},
            "fields[0].quantity",
            "expected one of heat",
        ),
        ({"fields": [{"value": "", "type": "u8"}]}, "fields[0].value", "expected a name of at most 63 letters, "),
        ({"fields": [{"value": "v"}]}, "fields[0]", "expected value and type together"),
        (
            {"fields": [{"skip": 1, "rest": True}]},
            "fields[0]",
            "expected one of value, skip, time, ",
        ),
        ({"fields": [{"skip": 0}]}, "fields[0].skip", "expected a number of at least 1"),
        ({"fields": [{"pass": 1}]}, "fields[0].pass", "there is no such key"),
        ({"begins": ["7E"]}, "begins[0]", "expected bytes in hexadecimal, in lower case, not '7E'"),
        (
            {"tagged": {"0g": []}},
            "tagged",
            "expected tags of bytes in hexadecimal, ",
        ),
        ({"tagged": {"01": [{"time": "u8"}]}}, "tagged.01[0].time", "expected 'u32', not 'u8'"),
        (
            {"fields": [{"value": "v", "type": "u8", "unit": "kWh", "quantity": "flow"}]},
            "fields[0]",
            "expected a unit of flow; 'kWh' cannot be converted to 'm3/h'",
        ),
    ],
)
def test_what_is_wrong_in_a_profile_is_told_at_its_place(kind: dict[str, Any], place: str, told: str) -> None:
    profile = {"name": "p", "messages": [kind]}
    with pytest.raises(CityFileError) as refusal:
        city_file.parse(town(heat_meter(), profiles=[profile]), "harbour.yaml")
    ((key, expected),) = [(fault.key, fault.expected) for fault in refusal.value.faults]
    assert key == f"profiles[0].messages[0].{place}"
    assert expected.startswith(told)


def test_a_profile_of_a_city_file_is_kept_with_it() -> None:
    profile = {"name": "p", "messages": [{"tagged": {"xx01": [{"value": "v.xx", "type": "u8"}]}}]}
    city = city_file.parse(town(heat_meter(), profiles=[profile]), "harbour.yaml")
    assert City.model_validate_json(city.model_dump_json()) == city


@given(st.sampled_from([shipped(name) for name in profiles.names()]), st.binary(max_size=60), st.integers(0, 255))
def test_any_bytes_give_samples(profile: Profile, data: bytes, port: int) -> None:
    for message in profile.messages:
        frame = Frame(message.ports[0] if message.ports else port, bytes.fromhex(message.begins[0]) + data)
        samples = read(profile, Sample(NOON, {}, frame=frame))
        assert any(sample.values or sample.flaws for sample in samples)
        assert all(flaw.detail.isprintable() for sample in samples for flaw in sample.flaws)
