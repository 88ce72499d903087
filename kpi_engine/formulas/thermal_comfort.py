"""Thermal comfort: predicted mean vote and dissatisfied (ISO 7730), and the adaptive limits of EN 16798-1.

Arrays are hours; temperatures in degC. Pure.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Months = npt.NDArray[np.int64]

WATT_PER_MET: Final = 58.15  # W/m2
SQUARE_METRE_KELVIN_PER_CLO: Final = 0.155  # m2 K/W
MOST_STEPS: Final = 150  # of the iteration, as the program of ISO 7730, annex D, allows
TOLERANCE: Final = 0.00015  # hundredths of K, as there

HEATING_CLO, SUMMER_CLO, BETWEEN_CLO = 1.0, 0.5, 0.7
HEATING_MONTHS: Final = (10, 11, 12, 1, 2, 3, 4)
SUMMER_MONTHS: Final = (6, 7, 8)


@dataclass(frozen=True)
class ActivityPolicy:
    """What people do and wear: ``met``, air ``speed`` [m/s], and clothing by the month. Radiant is air temperature."""

    name: str
    met: float
    speed: float

    def clothing(self, month: Months) -> Floats:
        """Return the insulation of clothing [clo] in civil months, 1 to 12."""
        worn = np.where(np.isin(month, HEATING_MONTHS), HEATING_CLO, BETWEEN_CLO)
        found: Floats = np.where(np.isin(month, SUMMER_MONTHS), SUMMER_CLO, worn)
        return found


# 1.2 met, and 1.0 clo in winter and 0.5 in summer: offices of EN 16798-1 (recalled); 0.1 m/s, and 0.7 clo in May and
# September, are assumed.
OFFICE: Final = ActivityPolicy("office-sedentary-1", met=1.2, speed=0.1)

# Predicted mean vote between minus and plus: ISO 7730, annex A, categories A to C; I to III of EN 16798-1 (recalled).
VOTES: Final = {"I": 0.2, "II": 0.5, "III": 0.7}


class Humidity(NamedTuple):
    """Relative humidity [%] of hours, and between what it lies where it is not known."""

    value: Floats
    lower: Floats
    upper: Floats


def predicted_mean_vote(  # noqa: PLR0913, PLR0917 - the six that ISO 7730 names
    air: Floats, radiant: Floats, speed: Floats | float, humidity: Floats, met: float, clo: Floats
) -> Floats:
    """Return the predicted mean vote, -3 cold to +3 hot (ISO 7730:2005, 4.1, equations 1 to 4; no external work).

    ``speed``: m/s; ``humidity``: %. It rises with humidity. NaN where an input is.
    """
    insulation, made = SQUARE_METRE_KELVIN_PER_CLO * clo, met * WATT_PER_MET
    area = np.where(insulation <= 0.078, 1.0 + 1.29 * insulation, 1.05 + 0.645 * insulation)
    forced = 12.1 * np.sqrt(np.asarray(speed, np.float64))
    air_kelvin, radiation = air + 273.0, ((radiant + 273.0) / 100.0) ** 4
    surface, convection = _clothing_surface(air_kelvin, radiation, insulation, area, forced, made, air)
    vapour = humidity * 10.0 * np.exp(16.6536 - 4030.183 / (air + 235.0))  # Pa
    lost = (
        3.05e-3 * (5733.0 - 6.99 * made - vapour)
        + max(0.42 * (made - WATT_PER_MET), 0.0)
        + 1.7e-5 * made * (5867.0 - vapour)
        + 0.0014 * made * (34.0 - air)
        + 3.96 * area * (surface**4 - radiation)
        + area * convection * (100.0 * surface - air_kelvin)
    )
    vote: Floats = (0.303 * np.exp(-0.036 * made) + 0.028) * (made - lost)
    return vote


def _clothing_surface(  # noqa: PLR0913, PLR0917 - terms of one equation
    air_kelvin: Floats, radiation: Floats, insulation: Floats, area: Floats, forced: Floats, made: float, air: Floats
) -> tuple[Floats, Floats]:
    """Return the temperature of the surface of clothing [100 K] and the convection there [W/m2 K]."""
    by_area = insulation * area
    constant = 308.7 - 0.028 * made + by_area * 3.96 * radiation
    found = (air_kelvin + (35.5 - air) / (3.5 * (6.45 * insulation + 0.1))) / 100.0
    middle, convection = found, np.broadcast_to(forced, found.shape)
    for _ in range(MOST_STEPS):
        middle = (middle + found) / 2.0
        convection = np.maximum(forced, 2.38 * np.abs(100.0 * middle - air_kelvin) ** 0.25)
        found = (constant + by_area * 100.0 * (air_kelvin / 100.0) * convection - by_area * 3.96 * middle**4) / (
            100.0 + 100.0 * by_area * convection
        )
        if not np.any(np.abs(found - middle) > TOLERANCE):
            break
    return found, convection


def predicted_dissatisfied(vote: Floats) -> Floats:
    """Return the predicted percentage of dissatisfied [%] (ISO 7730:2005, clause 5, equation 5); least 5 at 0."""
    found: Floats = 100.0 - 95.0 * np.exp(-0.03353 * vote**4 - 0.2179 * vote**2)
    return found


class AdaptiveBand(NamedTuple):
    """How far a room may be below and above the comfort temperature [K]."""

    below: float
    above: float


# EN 16798-1:2019, annex B.2.2 (read in pythermalcomfort, which cites it).
ADAPTIVE: Final = {"I": AdaptiveBand(3.0, 2.0), "II": AdaptiveBand(4.0, 3.0), "III": AdaptiveBand(5.0, 4.0)}
LEAST_RUNNING, MOST_RUNNING = 10.0, 30.0  # degC of the running mean in which the limits hold
RUNNING_DAYS: Final = 7
WEIGHT: Final = 0.8


def running_mean(days: Floats) -> Floats:
    """Return the running mean outdoor temperature of each day from the eighth on, up to the day after the last.

    Of the seven days before it, weighted 0.8 to the power of their age (EN 16798-1, annex B.2.2); ``days``: daily means
    without a gap.
    """
    weights = WEIGHT ** np.arange(RUNNING_DAYS)
    if len(days) < RUNNING_DAYS:
        return np.empty(0)
    before = np.lib.stride_tricks.sliding_window_view(days, RUNNING_DAYS)
    found: Floats = before[:, ::-1] @ weights / weights.sum()
    return found


def comfort_temperature(running: Floats) -> Floats:
    """Return the optimal operative temperature by the running mean outdoor temperature."""
    return 0.33 * running + 18.8
