"""Times without offset as other formats write them."""

import pytest

from ingest.model.time import isoformat
from ingest.payloads import local


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("2026-11-21T13:00:05", "2026-11-21T13:00:05Z"),
        ("2026-11-21 13:00", "2026-11-21T13:00:00Z"),
        ("2026-11-21T13:00:05.1234567", "2026-11-21T13:00:05.123456Z"),
        ("0001-01-01T00:00", "0001-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_kept_as_the_clock_showed_it(shown: str, expected: str) -> None:
    assert isoformat(local.of_text(shown)) == expected


@pytest.mark.parametrize("text", ["2026-11-21T13:00:05", "2026-11-21 13:00:05", "2026-11-21T13:00:05.5"])
def test_a_time_with_offset_is_an_instant_and_one_without_what_a_clock_showed(text: str) -> None:
    shown = local.of_text(text)
    assert local.or_instant(text) == (None, shown)
    assert local.or_instant(f"{text}Z") == (shown, None)
    assert local.as_utc(text) == local.as_utc(f"{text}Z") == shown


@pytest.mark.parametrize(
    "shown",
    ["2026-11-21T13:00:05Z", "2026-11-21T13:00:05+01:00", "2026-11-21", "2026-02-30T10:00", "13:00", " ", None, 5],
)
def test_what_has_an_offset_or_is_no_time_is_refused(shown: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        local.of_text(shown)
