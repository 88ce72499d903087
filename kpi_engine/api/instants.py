"""Instants in requests: RFC 3339 with offset and nothing else, between the years that the store knows."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)

_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _written_out(given: object) -> object:
    # Pydantic alone would also take a number for seconds since 1970, and a time without seconds.
    if isinstance(given, str) and not _RFC_3339.fullmatch(given):
        raise ValueError("expected a time as in RFC 3339 with offset, such as 2026-01-01T00:00:00Z; + is %2B in a URL")
    return given


def _within(instant: datetime) -> datetime:
    if not EARLIEST <= instant <= LATEST:
        raise ValueError("expected a time between 1900 and 2200")
    return instant


Instant = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_within)]
