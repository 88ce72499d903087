"""Luminaires that count what they burn and what they take, as several indicators read them."""

from typing import Final

from kpi_engine.evidence.amounts import MeterAmount, MeterAmounts, amounts
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Selection
from kpi_engine.ports.meters import FurtherMeters
from kpi_engine.window import Window

LUMINAIRES: Final = ("luminaire",)
BURNING: Final = "burning_hours"
ENERGY: Final = "electricity_energy"
PERCENT: Final = 100.0


def reporting(*quantities: str) -> FurtherMeters:
    """Return the port of the luminaires that report all of ``quantities``; without one there is no figure."""
    one = Selection(quantities, device_types=LUMINAIRES, only_reporting=True)
    return FurtherMeters((one,), nested=False, is_needed=True)


def counted(window: Window, port: FurtherMeters, quantity: str) -> MeterAmounts:
    """Select what the luminaires of ``port`` counted of one quantity."""
    return amounts(window.given(port), quantity, window.start, window.end)


def burnt(hours: MeterAmount) -> Bounded:
    """Return for how many hours a luminaire burnt: no longer than it stood, whatever its register may count."""
    found = hours.bounded
    return Bounded(found.value, found.lower, min(found.upper, hours.seconds / 3600.0)).with_value(found.value)
