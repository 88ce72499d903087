"""What a vertical declares: its types of device and the quantities each of them can report."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class DeviceType:
    """A type of device and the quantities it may report; names from ``quantity.QUANTITIES``.

    ``carrier``: what it meters, None where it meters no energy; ``direction``: None where it may be either.
    """

    name: str
    title: str
    quantities: tuple[str, ...]
    carrier: Literal["heat", "electricity"] | None = None
    direction: Literal["consumption", "production"] | None = None


@dataclass(frozen=True)
class Vertical:
    """A field of the city's infrastructure, as data: nothing generic knows its name."""

    name: str
    title: str
    device_types: tuple[DeviceType, ...]

    def device_type(self, name: str) -> DeviceType | None:
        """Return the device type called ``name``, or None."""
        return next((kind for kind in self.device_types if kind.name == name), None)
