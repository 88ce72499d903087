"""What was met before is the same instant as when it is read: whole, or put together of its minute and its end."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import to_micros
from ingest.payloads import instants, known_instants, local

MOMENTS = st.datetimes(datetime(1960, 1, 1), datetime(2210, 1, 1)).map(lambda one: one.replace(microsecond=0))  # noqa: DTZ001 - a zone is added
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(MOMENTS, OFFSETS, st.integers(0, 999), st.sampled_from(("seconds", "milliseconds", "microseconds")))
def test_a_text_is_the_same_instant_however_often_it_was_met(
    moment: datetime, zone: timezone, millis: int, digits: str
) -> None:
    meant = moment.replace(microsecond=0 if digits == "seconds" else millis * 1_000, tzinfo=zone)
    text = meant.isoformat(timespec=digits)
    for written in (text, text.replace("+00:00", "Z")):
        assert {instants.of_text(written) for _ in range(3)} == {to_micros(meant)}


@given(MOMENTS, MOMENTS)
def test_a_minute_and_an_end_that_were_met_apart_are_an_instant_together(one: datetime, other: datetime) -> None:
    instants.of_text(f"{one:%Y-%m-%dT%H:%M:%SZ}".zfill(20))
    instants.of_text(f"{other:%Y-%m-%dT%H:%M:%SZ}".zfill(20))
    meant = one.replace(second=other.second, tzinfo=UTC)
    assert instants.of_text(f"{meant:%Y-%m-%dT%H:%M:%SZ}") == to_micros(meant)


def test_a_time_without_offset_is_no_instant_though_the_one_in_utc_is_known() -> None:
    shown = "2026-11-21T23:00:00"
    known = instants.of_text(f"{shown}Z")
    assert local.or_instant(shown) == (None, known)


def test_what_is_full_is_forgotten_and_read_again() -> None:
    first = to_micros(datetime(2026, 1, 1, tzinfo=UTC))
    texts = {
        first + n * 60_000_000: f"{datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n):%Y-%m-%dT%H:%M:%SZ}"
        for n in range(5_000)
    }
    for _ in range(2):
        assert [instants.of_text(text) for text in texts.values()] == list(texts)
    assert len(known_instants.INSTANTS) <= 4_096
