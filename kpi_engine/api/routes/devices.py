"""Devices with their state."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from msgspec.json import encode

from ingest.model.freshness import State
from kpi_engine.api import devices, known_devices
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import AskedPart, Paging
from kpi_engine.api.representation import Page

router = APIRouter(prefix="/devices", tags=["devices"])


@router.get("", summary="Devices, their state and newest values", response_model=Page[devices.Device])
def list_devices(
    access: Annotated[Access, Depends(seeing(Resource.DEVICES))],
    filters: Annotated[devices.DeviceFilters, Depends()],
    asked: AskedPart,
    city: str | None = None,
    state: Annotated[list[State] | None, Query(description="Repeat it for several states.")] = None,
) -> Response:
    """List devices with the newest reading of each series; a state says whether it may be shown as live."""
    found = known_devices.read(access.connection, access.cities(city), access.now, filters)
    chosen = [device for device in found if not state or device.state in state]
    paging = Paging(("devices", city, *vars(filters).values(), *sorted(state or ())))
    part = paging.part(chosen, lambda one: (one.city, one.name), asked)
    return Response(encode(part), media_type="application/json")
