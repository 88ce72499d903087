"""Every integer can be put into words; dates have only what the calendar holds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import EARLIEST, LATEST, from_micros, isoformat, to_micros


@given(st.integers())
def test_words_are_found_for_every_integer(micros: int) -> None:
    assert isoformat(micros)


@pytest.mark.parametrize(
    ("micros", "words"),
    [
        (EARLIEST, "0001-01-01T00:00:00Z"),
        (EARLIEST - 1, "before the year 1"),
        (LATEST, "9999-12-31T23:59:59.999999Z"),
        (LATEST + 1, "after the year 9999"),
    ],
)
def test_what_has_no_date_is_told_in_words(micros: int, words: str) -> None:
    assert isoformat(micros) == words


@given(st.datetimes(timezones=st.just(UTC)))
def test_dates_become_integers_and_back(instant: datetime) -> None:
    assert from_micros(to_micros(instant)) == instant
