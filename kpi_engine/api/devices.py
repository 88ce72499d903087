"""Devices as an operator sees them: how fresh each one is, and the newest reading of each of its series."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby, starmap
from typing import Annotated, Final, NamedTuple

from fastapi import Query
from msgspec import Struct
from pydantic import Field

from ingest.model.freshness import LastSeen, State, state
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import QUALITIES, Quality
from ingest.model.time import SECOND, from_micros, to_micros
from kpi_engine.api.representation import Answer
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


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


class KnownValue(Struct, frozen=True):
    """A ``LatestValue`` as it is read, field by field: ten thousand of them take a tenth of the time."""

    series_id: int
    quantity: str
    title: str
    unit: str
    kind: str
    value: float | None
    state: str | None
    time: datetime | None
    quality: str | None


class KnownDevice(Struct, frozen=True):
    """A ``Device`` as it is read, field by field."""

    city: str
    site: str
    name: str
    title: str
    type: str
    vertical: str
    expected_interval_s: float
    state: State
    age_s: float | None
    last_observed_at: datetime | None
    last_received_at: datetime | None
    online: bool | None
    values: list[KnownValue]


class DeviceNews(Answer):
    """What of a device changes while it is watched; what it is stays in `/devices`."""

    city: str
    name: str
    state: State
    last_observed_at: datetime | None
    values: dict[str, float | str | None] = Field(
        description="Newest value by quantity, in the series' unit; of a state, its name."
    )


class _SeriesRow(NamedTuple):
    """One series of a device and its newest reading, in the order of the statement's columns."""

    city: str
    site: str
    vertical: str
    name: str
    title: str
    type: str
    expected_interval: int
    online: bool | None
    clock_refused_at: datetime | None
    series_id: int
    quantity: str
    unit: str
    kind: str
    time: datetime | None
    received_at: datetime | None
    value: float | None
    quality: int | None


@dataclass(frozen=True)
class DeviceFilters:
    """Which devices; what is None does not matter."""

    site: str | None = None
    vertical: str | None = None
    quantity: Annotated[str | None, Query(description="Devices that report it, with all their values.")] = None


_QUALITIES: Final = {int(quality): quality.name.lower() for quality in Quality}
ANY: Final = DeviceFilters()


def read(connection: Connection, cities: list[str] | None, now: int, wanted: DeviceFilters = ANY) -> list[KnownDevice]:
    """Return the devices in scope (None: every city) as of ``now`` (microseconds), by city and name."""
    scope = {"cities": cities, "now": from_micros(now), **asdict(wanted)}
    rows = connection.execute(SQL["api_devices"], scope, binary=True).fetchall()
    return sorted(_devices(starmap(_SeriesRow, rows), now), key=lambda one: (one.city, one.name))


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


def _devices(rows: Iterable[_SeriesRow], now: int) -> Iterator[KnownDevice]:
    for _, series in groupby(rows, key=lambda row: (row.city, row.name)):
        yield _device(list(series), now)


def _device(series: list[_SeriesRow], now: int) -> KnownDevice:
    device = series[0]
    observed = max((row.time for row in series if row.time is not None), default=None)
    received = max((row.received_at for row in series if row.received_at is not None), default=None)
    last_seen = LastSeen(_micros(observed), _micros(received), _micros(device.clock_refused_at))
    return KnownDevice(
        city=device.city,
        site=device.site,
        name=device.name,
        title=device.title,
        type=device.type,
        vertical=device.vertical,
        expected_interval_s=device.expected_interval / SECOND,
        state=state(last_seen, device.expected_interval, now),
        age_s=max(0.0, (now - last_seen.observed_at) / SECOND) if last_seen.observed_at is not None else None,
        last_observed_at=observed,
        last_received_at=received,
        online=device.online,
        values=[_value(row) for row in series],
    )


def _value(row: _SeriesRow) -> KnownValue:
    quantity = QUANTITIES[row.quantity]
    return KnownValue(
        series_id=row.series_id,
        quantity=row.quantity,
        title=quantity.title,
        unit=row.unit,
        kind=row.kind,
        value=row.value,
        state=quantity.state(row.value) if quantity.states else None,
        time=row.time,
        quality=None if row.quality is None else _QUALITIES[row.quality],
    )


def _micros(time: datetime | None) -> int | None:
    return None if time is None else to_micros(time)
