"""Emission factors."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from pydantic import Field

from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import AskedPart, Key, Paging
from kpi_engine.api.fetching import fetch
from kpi_engine.api.representation import Answer, Page
from kpi_engine.factors.factor import CalorificBasis, EmissionBoundary, View
from processors.storage.statements import statements

SQL: Final = statements(__name__)

router = APIRouter(prefix="/factors", tags=["KPIs"])


class StoredFactor(Answer):
    """One version of a dated, sourced factor."""

    factor_id: int
    name: str
    version: str
    carrier: str
    region: str
    valid_from: date
    valid_to: date | None = Field(description="Day after the last; null until further notice.")
    value: float
    unit: str
    method: str = Field(description="How it was derived.")
    boundary: EmissionBoundary | None = Field(description="Which emissions it counts; null where not stated.")
    boundary_note: str = Field(description="The same in words, as the source has it.")
    view: View | None = Field(description="Of electricity: what the grid delivers there, or what was bought.")
    gwp: str = Field(description="Set of global warming potentials.")
    calorific_basis: CalorificBasis | None = Field(description="Of fuels: by net or gross calorific value.")
    year: int | None = Field(description="Year that the number is of; null where it is of none.")
    source: str
    page: str
    verified: bool = Field(description="Whether the value was read at its source.")


@router.get("", summary="Emission factors")
def list_factors(access: Annotated[Access, Depends(seeing(Resource.KPIS))], asked: AskedPart) -> Page[StoredFactor]:
    """List every factor and version that a figure may rest on."""
    found = fetch(access.connection, StoredFactor, SQL["api_factors"])
    return Paging(("factors",)).page(found, _key, asked)


def _key(one: StoredFactor) -> Key:
    return one.name, str(one.valid_from), one.version, one.factor_id
