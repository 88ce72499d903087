"""Final energy [kWh]: who is asked for the energy of a carrier, and what they counted."""

from typing import Final

from ingest.model.quantities.carrier import CARRIERS
from kpi_engine.evidence.amounts import MeterAmounts, amounts
from kpi_engine.indicator import Selection
from kpi_engine.window import Window

CHARGERS: Final = ("charging_point", "charging_installation")  # types of what charges vehicles


def consumers(carrier: str, device_types: tuple[str, ...] = (), verticals: tuple[str, ...] = ()) -> Selection:
    """Return the selection of everything that consumes ``carrier``, or of some types or verticals of it."""
    return Selection((CARRIERS[carrier].register,), carrier, device_types, verticals)


def energy(window: Window, carrier: str) -> MeterAmounts:
    """Select what the meters of ``carrier`` counted, by its register."""
    return amounts(window.of(carrier), CARRIERS[carrier].register, window.start, window.end)
