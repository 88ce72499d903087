"""When readings were true: RFC 3339 or milliseconds, told in words when it is neither."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoder import Sample
from ingest.model.time import to_micros
from ingest.reasons import Reason
from tests.ingest.decoders.pharos.payloads import NOON, decoded, reasons


@pytest.mark.parametrize(
    "time", ["2026-11-21T12:00:00Z", "2026-11-21T13:00:00+01:00", "2026-11-21t17:30:00.000+05:30", NOON // 1000]
)
def test_a_time_is_the_same_instant_however_it_is_written(time: object) -> None:
    assert decoded({"time": time, "values": {"heat_energy": 5347.6}}) == [Sample(NOON, {"heat_energy": 5347.6})]


def test_a_message_without_time_has_none() -> None:
    assert decoded({"values": {"volume": 1}}) == [Sample(None, {"volume": 1.0})]
    assert decoded({"time": None, "values": {"volume": 1}, "units": None}) == [Sample(None, {"volume": 1.0})]


@pytest.mark.parametrize(
    ("time", "found"),
    [(True, "true"), ([], "an array"), ({}, "an object"), ("", "the text ''"), (1.5, "the number 1.5")],
)
def test_what_is_no_instant_is_told_in_plain_words(time: object, found: str) -> None:
    (refused,) = decoded({"time": time, "values": {"flow": 1}})
    assert refused.flaws[0].detail.startswith(f"time is {found}; expected RFC 3339")


def test_a_wrong_time_without_readings_is_told_and_stands_for_none() -> None:
    (refused,) = decoded({"time": "yesterday", "values": {"flow": None}})
    assert reasons(refused) == [(Reason.BAD_TIME, 0)]


@pytest.mark.parametrize(
    "time", ["2026-11-21T12:00:00", "yesterday", "", 1.5, True, [], 10**18, -(10**18), "2026-02-30T00:00:00Z"]
)
def test_what_is_no_instant_refuses_its_sample_and_no_other(time: object) -> None:
    bad, good = decoded([{"time": time, "values": {"flow": 1, "volume": None}}, {"values": {"flow": 1}}])
    assert reasons(bad) == [(Reason.BAD_TIME, 1)]
    assert good == Sample(None, {"flow": 1.0})


@given(st.datetimes(timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))))
def test_every_rfc_3339_time_is_read_to_the_microsecond(time: datetime) -> None:
    (sample,) = decoded({"time": time.isoformat(), "values": {}})
    assert sample.time == to_micros(time)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:60Z"])
def test_a_time_that_its_offset_carries_out_of_the_calendar_refuses_its_sample(time: str) -> None:
    bad, good = decoded([{"time": time, "values": {"flow": 1}}, {"values": {"flow": 1}}])
    assert reasons(bad) == [(Reason.BAD_TIME, 1)]
    assert good == Sample(None, {"flow": 1.0})


def test_a_time_outside_of_the_calendar_is_told_so() -> None:
    (sample,) = decoded({"time": "0001-01-01T00:00:00+23:59", "values": {"flow": 1}})
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
    (sample,) = decoded({"time": time, "values": {"flow": 1}})
    assert reasons(sample) == [(Reason.BAD_TIME, 1)]
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
    assert decoded({"time": leap, "values": {"flow": 1}}) == decoded({"time": after, "values": {"flow": 1}})


@pytest.mark.parametrize("time", ["2016-12-31T12:00:60Z", "2016-12-31T23:59:61Z", "2016-12-31T23:59:60"])
def test_a_sixtieth_second_elsewhere_is_none(time: str) -> None:
    (sample,) = decoded({"time": time, "values": {"flow": 1}})
    assert reasons(sample) == [(Reason.BAD_TIME, 1)]
