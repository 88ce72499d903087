"""The base of what city files declare."""

from pydantic import BaseModel, ConfigDict


class Declaration(BaseModel):
    """Base of everything a city file declares: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
