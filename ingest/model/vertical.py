"""What a vertical declares: its types of device, what each of them meters, and the quantities it can report."""

from dataclasses import dataclass
from typing import Literal

from ingest.model.quantities.carrier import CarrierName


@dataclass(frozen=True)
class DeviceType:
    """A type of device and the quantities it may report; names from ``QUANTITIES`` and ``CARRIERS``.

    ``carrier``: what it meters, None where it meters no energy; ``direction``: None where it may be either.
    ``parallel_sessions``: it stands for several points, so that its sessions may overlap. ``is_auxiliary``: what it
    meters serves the others of its vertical, which is not about that carrier.
    """

    name: str
    title: str
    quantities: tuple[str, ...]
    carrier: CarrierName | None = None
    direction: Literal["consumption", "production"] | None = None
    parallel_sessions: bool = False
    is_auxiliary: bool = False


@dataclass(frozen=True)
class Vertical:
    """A field of the city's infrastructure, as data: nothing generic knows its name."""

    name: str
    title: str
    device_types: tuple[DeviceType, ...]

    def device_type(self, name: str) -> DeviceType | None:
        """Return the device type called ``name``, or None."""
        return next((kind for kind in self.device_types if kind.name == name), None)
