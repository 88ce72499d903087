"""Devices as an operator sees them: how fresh each one is, and the newest reading of each of its series."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from ingest.model.freshness import State
from ingest.model.reading import QUALITIES
from kpi_engine.api.known_devices import WantedDevices, read
from kpi_engine.api.representation import Answer
from processors.storage.database import Connection


class LatestValue(Answer):
    """The newest reading of one series; nulls where there is none yet."""

    series_id: int
    quantity: str
    title: str
    unit: str
    kind: str = Field(description="gauge, register, interval, state or session.")
    value: float | None = Field(description="In `unit`; a register's total, not an amount; of a state, its place.")
    state: str | None = Field(description="Of a state, its name; otherwise null.")
    time: datetime | None = Field(description="When it was true.")
    quality: str | None = Field(description=QUALITIES)


class Device(Answer):
    """One device, its state and its newest values."""

    city: str
    site: str
    name: str
    title: str
    type: str
    vertical: str
    expected_interval_s: float = Field(description="How often it should report, in seconds.")
    state: State = Field(description="live, late, stale, silent or clock_wrong; only live values may be shown as live.")
    age_s: float | None = Field(description="Age of the newest observation in seconds; null if there is none.")
    last_observed_at: datetime | None = Field(description="Time of the newest observation.")
    last_received_at: datetime | None = Field(description="When it arrived.")
    online: bool | None = Field(description="What its connection says of itself; says nothing of its values.")
    values: list[LatestValue]


class DeviceNews(Answer):
    """What of a device changes while it is watched; what it is stays in `/devices`."""

    city: str
    name: str
    state: State
    last_observed_at: datetime | None
    values: dict[str, float | str | None] = Field(
        description="Newest value by quantity, in the series' unit; of a state, its name."
    )


@dataclass(frozen=True)
class DeviceFilters(WantedDevices):
    """Which devices; what is left out does not matter."""

    quantity: Annotated[str | None, Query(description="Devices that report it, with all their values.")] = None


def news(connection: Connection, now: int) -> list[DeviceNews]:
    """Return what changes of every device, as of ``now`` (microseconds)."""
    return [
        DeviceNews(
            city=device.city,
            name=device.name,
            state=device.state,
            last_observed_at=device.last_observed_at,
            values={value.quantity: value.state or value.value for value in device.values},
        )
        for device in read(connection, None, now)
    ]
