"""What the declarations of a city file have in common: their base, and the names, ids and durations they are made of.

Durations are ISO 8601.
"""

from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from ingest.model.time import is_dated, to_micros

NATIVE_ID_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9_:-]{0,126}$"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
NativeId = Annotated[str, StringConstraints(pattern=NATIVE_ID_PATTERN)]


def _within_the_calendar(instant: datetime) -> datetime:
    if not is_dated(to_micros(instant)):
        raise ValueError("expected a time that in UTC is within the years 1 to 9999")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(_within_the_calendar)]


def _iso_duration(value: object, parse: ValidatorFunctionWrapHandler) -> timedelta:
    try:
        duration = parse(value) if isinstance(value, str | timedelta) else None
    except ValidationError:
        duration = None
    if not isinstance(duration, timedelta) or duration <= timedelta(0):
        raise ValueError("expected an ISO 8601 duration above zero, for example PT15M")
    return duration


Duration = Annotated[timedelta, WrapValidator(_iso_duration)]


class Declaration(BaseModel):
    """Base of everything a city file declares: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
