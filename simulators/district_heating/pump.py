"""A circulation pump: electricity that moves the water of a heat network, at a constant difference of pressure."""

from dataclasses import dataclass
from typing import Final

from simulators.device import Readings
from simulators.district_heating.plant import HeatNetwork
from simulators.noise import IntColumn

PUMPING: Final = 0.185  # kWh/m3: 400 kPa at an efficiency of 60 %, engineering judgement


@dataclass(frozen=True)
class CirculationPump:
    """One pump that moves ``share`` of its network's water."""

    network: HeatNetwork
    share: float

    def at(self, times: IntColumn) -> Readings:
        """Return canonical values by quantity at ascending ``times``."""
        volume, flow = self.network.water_at(times)
        return {
            "electricity_energy": self.share * PUMPING * volume,
            "electricity_power": self.share * PUMPING * flow,
        }
