"""Primary-energy factors: what a kWh of each carrier counts, and emits, as a published set says, by its version.

A published version never changes: a correction is a new version beside the old one.
"""

from functools import cache
from importlib.resources import files
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from ingest.model.declarations.expected import one_of
from ingest.model.quantities.carrier import FUELS

MOST: Final = 10.0  # kWh of primary energy for one kWh delivered: more is another unit


class PrimaryFactor(BaseModel):
    """Primary energy in kWh for each kWh, renewable and not, and emissions in kg."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    renewable: float = Field(ge=0, le=MOST)
    non_renewable: float = Field(ge=0, le=MOST)
    emissions: float = Field(ge=0, le=MOST, repr=False)  # digests of definitions hold as they are

    @property
    def total(self) -> float:
        """Renewable and not."""
        return self.renewable + self.non_renewable


class CarrierFactors(BaseModel):
    """Factors of what is delivered, of what is made on site, and of what exported electricity replaces in the grid.

    ``fuels``: of what plants burn, by net calorific value; a set may have none of some.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    electricity: PrimaryFactor
    heat: PrimaryFactor
    photovoltaics: PrimaryFactor
    exported_electricity: PrimaryFactor
    fuels: dict[str, PrimaryFactor] = Field(default_factory=dict)

    @field_validator("fuels")
    @classmethod
    def _known_fuels(cls, fuels: dict[str, PrimaryFactor]) -> dict[str, PrimaryFactor]:
        if unknown := fuels.keys() - set(FUELS):
            raise ValueError(one_of(FUELS, unknown.pop()))
        return fuels


class PrimaryFactorVersion(BaseModel):
    """One published version of a set; ``verified``: read at that source for this project."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = Field(min_length=1)
    region: str
    source: str = Field(min_length=1)
    page: str = Field(min_length=1)
    verified: bool
    factors: CarrierFactors


class PrimaryFactorSet(BaseModel):
    """A named set and its versions, oldest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    versions: tuple[PrimaryFactorVersion, ...] = Field(min_length=1)


@cache
def shipped_sets() -> dict[tuple[str, str], PrimaryFactorVersion]:
    """Return every shipped version by the name of its set and its own."""
    folder = files("kpi_engine.factors.primary_energy")
    texts = (path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name.endswith(".yaml"))
    sets = [PrimaryFactorSet.model_validate(yaml.safe_load(text)) for text in texts]
    return {(one.name, version.version): version for one in sets for version in one.versions}
