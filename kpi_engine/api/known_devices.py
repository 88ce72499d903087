"""What is known of each device now, as it is read: how fresh it is, and the newest reading of each of its series."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby, starmap
from typing import Final, NamedTuple

from msgspec import Struct

from ingest.model.freshness import LastSeen, State, state
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import Quality
from ingest.model.time import SECOND, from_micros, to_micros
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


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
class WantedDevices:
    """Which devices; what is None does not matter."""

    site: str | None = None
    vertical: str | None = None
    quantity: str | None = None


_QUALITIES: Final = {int(quality): quality.name.lower() for quality in Quality}
ANY: Final = WantedDevices()


def read(connection: Connection, cities: list[str] | None, now: int, wanted: WantedDevices = ANY) -> list[KnownDevice]:
    """Return the devices in scope (None: every city) as of ``now`` (microseconds), by city and name."""
    scope = {"cities": cities, "now": from_micros(now), **asdict(wanted)}
    rows = connection.execute(SQL["api_devices"], scope, binary=True).fetchall()
    return sorted(_devices(starmap(_SeriesRow, rows), now), key=lambda one: (one.city, one.name))


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
