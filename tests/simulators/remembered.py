"""What a device measures, computed once for tests that ask for the same instants in one circumstance after another."""

from dataclasses import dataclass, field, replace

from simulators.device import Physics, Readings, SimulatedDevice
from simulators.noise import IntColumn


@dataclass(frozen=True)
class _Remembered:
    physics: Physics
    known: dict[bytes, Readings] = field(default_factory=dict)

    def at(self, times: IntColumn) -> Readings:
        """Return values by quantity, which nobody may change."""
        key = times.tobytes()
        if key not in self.known:
            self.known[key] = self.physics.at(times)
            for column in self.known[key].values():
                column.flags.writeable = False
        return self.known[key]


def remembered(device: SimulatedDevice) -> SimulatedDevice:
    """Return the device, with physics that are a lookup where they were asked for the same instants before."""
    return replace(device, physics=_Remembered(device.physics))
