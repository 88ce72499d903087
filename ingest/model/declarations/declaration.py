"""What declarations in files have in common: their base, and the names, ids, days and times they are made of.

Durations are ISO 8601.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

_NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,62}$"
NATIVE_ID_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9_:-]{0,126}$"
_COUNTRY: Final = r"^[A-Z]{2}$"

PATTERNS: Final = {
    _NAME: "a name of at most 63 lower-case letters, digits, - and _, beginning with a letter or digit",
    NATIVE_ID_PATTERN: "a native id of at most 127 letters, digits, _, : and -, beginning with a letter or digit",
    _COUNTRY: "a country in two capital letters (ISO 3166), such as DK",
}  # what text of a pattern is, for people

LONGEST_DURATION: Final = timedelta(days=36_500)
# Beyond, no civil day has a beginning and an end that a calendar knows.
FIRST_DAY: Final = date(1000, 1, 1)
FIRST_INSTANT: Final = datetime(1000, 1, 1, tzinfo=UTC)
LAST_INSTANT: Final = datetime(9999, 1, 1, tzinfo=UTC)

Name = Annotated[str, StringConstraints(pattern=_NAME)]
NativeId = Annotated[str, StringConstraints(pattern=NATIVE_ID_PATTERN)]
Country = Annotated[str, StringConstraints(pattern=_COUNTRY)]


def _iso_duration(value: object, parse: ValidatorFunctionWrapHandler) -> timedelta:
    try:
        duration = parse(value) if isinstance(value, str | timedelta) else None
    except ValidationError:
        duration = None
    if not isinstance(duration, timedelta) or duration <= timedelta(0):
        raise ValueError("expected an ISO 8601 duration above zero, for example PT15M")
    if duration > LONGEST_DURATION:
        raise ValueError("expected a duration of at most 100 years, P36500D")
    return duration


def _civil_day(value: object, parse: ValidatorFunctionWrapHandler) -> date:
    day: date = parse(None if isinstance(value, int | float) else value)  # which would be seconds since 1970
    if day < FIRST_DAY:
        raise ValueError(f"expected {FIRST_DAY} or a later day, not {day}")
    return day


def _instant(value: object, parse: ValidatorFunctionWrapHandler) -> datetime:
    instant: datetime = parse(None if isinstance(value, int | float) else value)
    if not FIRST_INSTANT <= instant <= LAST_INSTANT:
        raise ValueError(f"expected a time in the years {FIRST_INSTANT.year} to {LAST_INSTANT.year - 1}")
    return instant


Duration = Annotated[timedelta, WrapValidator(_iso_duration)]
Day = Annotated[date, WrapValidator(_civil_day)]
Instant = Annotated[AwareDatetime, WrapValidator(_instant)]


class Declaration(BaseModel):
    """Base of everything a city file declares: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
