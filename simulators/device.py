"""A simulated device: what it measures at any instant, past or present."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

import numpy as np

from ingest.model.city.assets import City, Device
from ingest.model.quantities.units import Conversion
from ingest.model.reading import ReadingKind
from ingest.model.time import isoformat, to_micros
from simulators.errors import SimulationError
from simulators.noise import FloatColumn, IntColumn

Readings = dict[str, FloatColumn]

INSTALLED: Final = to_micros(datetime(2025, 1, 1, tzinfo=UTC))  # registers are zero here; nothing was measured before


def since_installation(times: IntColumn) -> IntColumn:
    """Return microseconds since registers were zero at ascending ``times``; an earlier time is a SimulationError."""
    if times[0] < INSTALLED:
        raise SimulationError(
            f"no reading at {isoformat(times[0])}: the simulated meters were installed at {isoformat(INSTALLED)}"
        )
    return np.asarray(times - INSTALLED)


class Physics(Protocol):
    """The simulated thing behind a device; a pure function of time."""

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times`` (microseconds)."""
        ...


@dataclass(frozen=True)
class SimulatedDevice:
    """A declared device with its physics: reports the declared quantities, in declared units."""

    city: str
    name: str
    address: str
    registers: frozenset[str]
    conversions: Mapping[str, Conversion]
    physics: Physics

    def read(self, times: IntColumn) -> Readings:
        """Return what the device reports at ascending ``times`` (microseconds)."""
        canonical = self.physics.at(times)
        return {
            name: np.asarray((canonical[name] - convert.offset) / convert.scale)
            for name, convert in self.conversions.items()
        }


def simulated(city: City, vertical: str, physics: Callable[[Device], Physics]) -> list[SimulatedDevice]:
    """Return the devices of a vertical as their city declares them, each with its ``physics`` behind it."""
    sites = {site.name for site in city.sites if site.vertical == vertical}
    return [_simulated(city, device, physics(device)) for device in city.devices if device.site in sites]


def _simulated(city: City, device: Device, physics: Physics) -> SimulatedDevice:
    return SimulatedDevice(
        city=city.name,
        name=device.name,
        address=device.address,
        registers=frozenset(series.quantity for series in device.series if series.reading_kind is ReadingKind.REGISTER),
        conversions={series.quantity: series.conversion for series in device.series},
        physics=physics,
    )
