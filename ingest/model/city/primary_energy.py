"""Which published set of primary-energy factors the figures of a city use, and what its export is credited."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from ingest.model.city.factor_choice import as_text
from ingest.model.declarations.declaration import Declaration, Name


class PrimaryEnergyChoice(Declaration):
    """A set by its name and version, and ``k_exp`` of EN ISO 52000-1: 0 credits nothing of the export, 1 all of it."""

    factors: Name
    version: Annotated[str, BeforeValidator(as_text)]
    k_exp: float = Field(default=0.0, ge=0.0, le=1.0)
