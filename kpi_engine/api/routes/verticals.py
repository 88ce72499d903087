"""The verticals: what a city's devices belong to, and what each type of them can report."""

from typing import Final

from fastapi import APIRouter
from pydantic import Field

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.vertical import DeviceType as DeclaredType
from ingest.model.verticals import VERTICALS
from kpi_engine.api.access import AnyCaller
from kpi_engine.api.representation import Answer, Items

router = APIRouter(prefix="/verticals", tags=["cities"])


class Quantity(Answer):
    """What a series may measure."""

    name: str
    title: str
    unit: str


class DeviceType(Answer):
    """A type of device."""

    name: str
    title: str
    quantities: list[Quantity] = Field(description="What it may report; a city file says what it does.")


class Vertical(Answer):
    """A field of a city's infrastructure."""

    name: str
    title: str
    device_types: list[DeviceType]


@router.get("", summary="Verticals")
def list_verticals(_: AnyCaller) -> Items[Vertical]:
    """List every vertical that a site may belong to, with its types of device."""
    return Items(items=list(_VERTICALS))


def _device_type(declared: DeclaredType) -> DeviceType:
    measured = [QUANTITIES[name] for name in declared.quantities]
    quantities = [Quantity(name=one.name, title=one.title, unit=one.unit) for one in measured]
    return DeviceType(name=declared.name, title=declared.title, quantities=quantities)


_VERTICALS: Final = [
    Vertical(name=one.name, title=one.title, device_types=[_device_type(kind) for kind in one.device_types])
    for one in VERTICALS.values()
]
