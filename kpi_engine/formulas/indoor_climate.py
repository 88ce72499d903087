"""Categories of the indoor environment (EN 16798-1:2019): bands of temperature and CO2, and hours within them.

Bands of offices and the like, sitting. In which season an hour lies is not known, so a band reaches from the lower end
of heating to the upper end of cooling: 20 to 24 and 23 to 26 degC in category II become 20 to 26.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kpi_engine.formulas.bounded import Bounded

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Band(NamedTuple):
    """From the least to the most that a category allows, both included."""

    least: float
    most: float


# Operative temperature in degC (read in code that cites the standard, not in the standard).
TEMPERATURES: Final = {"I": Band(21.0, 25.5), "II": Band(20.0, 26.0), "III": Band(19.0, 27.0)}
# CO2 above outdoor air in ppm (read in carbonfly, which cites DIN EN 16798-1, p. 55).
CO2_ABOVE_OUTDOORS: Final = {"I": 550.0, "II": 800.0, "III": 1350.0}
# ppm: the mean of the atmosphere of about 2024 (recalled). A city's own air is not measured here.
CO2_OUTDOORS: Final = 420.0


@dataclass(frozen=True)
class OccupancyPolicy:
    """When people are in a building, in civil time: on ``days`` (0 is Monday) from hour ``begin`` to hour ``end``."""

    name: str
    days: tuple[int, ...]
    begin: float
    end: float

    def covers(self, weekday: npt.NDArray[np.int64], hour: Floats) -> Flags:
        """Return which hours are occupied, from the civil day and the civil time at which each begins."""
        return np.isin(weekday, self.days) & (hour >= self.begin) & (hour < self.end)


# Offices of EN 16798-1, annex C (recalled): five days a week, 7 to 18. Holidays are not left out.
OFFICE_HOURS: Final = OccupancyPolicy("office-hours-1", (0, 1, 2, 3, 4), 7.0, 18.0)


def within(value: Floats, band: Band) -> Flags:
    """Return which values lie in a band; NaN does not."""
    return (value >= band.least) & (value <= band.most)


def degree_hours(value: Floats, lower: Floats, upper: Floats, above: float) -> Bounded:
    """Return the sum over hours of what exceeds ``above`` [K.h]; an hour that is not known (NaN) counts the mean."""
    known = value[~np.isnan(value)]
    total = float(np.maximum(known - above, 0.0).sum()) * len(value) / len(known) if len(known) else None
    least, most = (float(np.maximum(end - above, 0.0).sum()) for end in (lower, upper))
    return Bounded(total, least, most).with_value(total)
