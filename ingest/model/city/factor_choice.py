"""Which published emission factor the figures of a city use for a carrier, since when, and how newer ones are taken."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from ingest.model.city.dated import short_form, written_short
from ingest.model.city.validity import Validity


class Newer(StrEnum):
    """What becomes of versions that are published after the one that a city names."""

    FOLLOW = "follow"  # they hold from the day since which they are valid
    KEEP = "keep"  # they are left out


class FactorBoundary(StrEnum):
    """What the factors within one sum of emissions count."""

    ONE = "one"  # all the same boundary; else the sum is refused
    MIXED = "mixed"  # whatever each of them does, as the city declares
    SCOPE_2_LOCATION = "scope_2_location"  # direct emissions, and of electricity those of the place (GHG Protocol)


def as_text(version: object) -> object:
    """Take a version that YAML reads as a number, such as a year."""
    return str(version) if isinstance(version, int) and not isinstance(version, bool) else version


class FactorChoice(Validity):
    """On its days, the emissions of a carrier are computed by the published ``factor``, a name.

    Without ``version``, by whichever of its versions holds. With it by that one alone, or with ``newer: follow`` by
    those that are published after it as well.
    """

    factor: str
    version: Annotated[str, BeforeValidator(as_text)] | None = None
    newer: Newer | None = None

    @model_validator(mode="after")
    def _kept_from_a_version(self) -> Self:
        if self.newer is Newer.KEEP and self.version is None:
            raise ValueError("expected a version beside newer: keep")
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, write: SerializerFunctionWrapHandler) -> Mapping[str, Any]:
        """Leave out what a choice does not say, so that one of before is written as it was."""
        document: dict[str, Any] = write(self)
        return {key: value for key, value in document.items() if value is not None or key not in {"version", "newer"}}


FactorChoices = Annotated[tuple[FactorChoice, ...], short_form("factor"), written_short("factor")]
