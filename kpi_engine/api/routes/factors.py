"""Emission factors."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from pydantic import Field

from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.database import fetch
from kpi_engine.api.representation import Answer, Items
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
    boundary: str = Field(description="direct or life-cycle.")
    gwp: str = Field(description="Set of global warming potentials.")
    source: str
    page: str
    verified: bool = Field(description="Whether the value was read at its source.")


@router.get("", summary="Emission factors")
def factors(access: Annotated[Access, Depends(seeing(Resource.KPIS))]) -> Items[StoredFactor]:
    """List every factor and version that a figure may rest on."""
    return Items(items=fetch(access.connection, StoredFactor, SQL["api_factors"]))
