"""What the declarations of a city file have in common: their base, and the names, ids and durations they are made of.

Durations are ISO 8601.
"""

from datetime import timedelta
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

NATIVE_ID_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9_:-]{0,126}$"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
NativeId = Annotated[str, StringConstraints(pattern=NATIVE_ID_PATTERN)]


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
