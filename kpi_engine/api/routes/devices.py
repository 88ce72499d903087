"""Devices with their state."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from ingest.model.freshness import State
from kpi_engine.api import devices
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.representation import Items

router = APIRouter(prefix="/devices", tags=["devices"])


@router.get("", summary="Devices, their state and newest values")
def list_devices(
    access: Annotated[Access, Depends(seeing(Resource.DEVICES))],
    filters: Annotated[devices.DeviceFilters, Depends()],
    city: str | None = None,
    state: Annotated[list[State] | None, Query(description="Repeat it for several states.")] = None,
) -> Items[devices.Device]:
    """List devices with the newest reading of each series; a state says whether it may be shown as live."""
    found = devices.read(access.connection, access.cities(city), access.now, filters)
    return Items(items=[device for device in found if not state or device.state in state])
