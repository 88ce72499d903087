"""Made-up buildings: days whose energy is known to follow the weather, and how much."""

from datetime import date, timedelta
from typing import Final

import numpy as np

from ingest.model.observation import FloatColumn
from kpi_engine.baselines.days import EnergyDays, every_day, number_of

FIRST: Final = date(2024, 1, 1)


def weather(first: date = FIRST, days: int = 366, seed: int = 1, mean: float = 9.0) -> FloatColumn:
    """Return the mean temperature [degC] of days: a year's wave and a wandering of some days."""
    day = every_day(first, first + timedelta(days=days))
    wander = np.random.default_rng(seed).normal(0.0, 2.5, days)
    since = day - number_of(FIRST) - 15.0
    found: FloatColumn = mean - 10.0 * np.cos(2 * np.pi * since / 365.25) + wander
    return found


def days_of(
    energy: FloatColumn, temperature: FloatColumn, first: date = FIRST, width: float = 0.0, **reasons: str
) -> EnergyDays:
    """Return days from ``first`` on, whose energy is known to a share ``width``; ``reasons`` by d and their place."""
    day = every_day(first, first + timedelta(days=len(energy)))
    said = {int(day[int(place[1:])]): text for place, text in reasons.items()}
    spread = np.abs(energy) * width
    return EnergyDays(
        day, energy, energy - spread, energy + spread, temperature, temperature - 4.0, temperature + 5.0, reasons=said
    )


def heated(temperature: FloatColumn, base_load: float = 20.0, slope: float = 8.0, balance: float = 15.0) -> FloatColumn:
    """Return the energy of a building that is heated below ``balance``."""
    return base_load + slope * np.maximum(balance - temperature, 0.0)
