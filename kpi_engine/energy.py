"""Final energy [kWh]: which register counts the energy of each carrier, and who is asked for it."""

from typing import Final

from kpi_engine.indicator import Selection

REGISTERS: Final = {"heat": "heat_energy", "electricity": "electricity_energy"}
CHARGERS: Final = ("charging_point", "charging_installation")  # types of what charges vehicles


def consumers(carrier: str, device_types: tuple[str, ...] = (), verticals: tuple[str, ...] = ()) -> Selection:
    """Return the selection of everything that consumes ``carrier``, or of some types or verticals of it."""
    return Selection((REGISTERS[carrier],), carrier, device_types, verticals)
