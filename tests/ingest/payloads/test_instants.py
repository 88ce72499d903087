"""Instants as text: whatever the form, the same instant, and nothing but RFC 3339 with offset."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.time import EPOCH, MICROSECOND, to_micros
from ingest.payloads import instants

TIMES = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1))  # noqa: DTZ001 - the zone is chosen with them


@given(TIMES, st.integers(-14 * 60, 14 * 60), st.sampled_from(["seconds", "milliseconds", "microseconds"]))
@settings(max_examples=min(50, settings().max_examples))
def test_every_way_to_write_an_instant_is_the_same_instant(time: datetime, offset: int, precision: str) -> None:
    instant = time.replace(tzinfo=timezone(timedelta(minutes=offset)))
    as_utc = instant.astimezone(UTC).isoformat(timespec=precision)
    precise = as_utc.replace("+00:00", "789Z") if precision == "microseconds" else as_utc  # as gateways write it
    written = {
        precise,
        as_utc,
        as_utc.replace("+00:00", "Z"),
        as_utc.replace("T", " "),
        instant.isoformat(timespec=precision),
    }
    (found,) = {instants.of_text(text) for text in written}
    assert found == to_micros(datetime.fromisoformat(as_utc)) == (datetime.fromisoformat(as_utc) - EPOCH) // MICROSECOND


@pytest.mark.parametrize(
    "text",
    [
        "2026-W27-3T12:15:00Z",
        "2026-07-01T12:15:60Z",
        "2026-07-01T24:15:00Z",
        "2026-02-30T12:15:00Z",
        "2026-07-01T12:15:00,250Z",
        "2026-07-01T12-15-00Z",
        "٢٠٢٦-07-01T12:15:00Z",
        "2026-07-01T12:15:00",
        "20260701T121500.000Z",
        "2026-07-01T12:15:00.123456x89Z",
        "2026-07-01T12:15:00.123456٣89Z",
        "2026-07-01T12:15:00-0x:00",
        "0001-01-01T00:00:00+01:00",
        5,
        "",
        "Z",
        None,
    ],
)
def test_what_is_no_rfc_3339_with_offset_is_refused(text: object) -> None:
    assert _read(text) is None


def _read(text: object) -> int | None:
    try:
        return instants.of_text(text)
    except ValueError:
        return None
