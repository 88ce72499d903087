"""Methods of baselines: named, versioned sets of the choices that a regression leaves open. Pure data.

A figure carries the name of its method, so a changed choice is another method beside this one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.observation import FloatColumn

KELVIN_PER_FAHRENHEIT: Final = 5.0 / 9.0
FREEZING_FAHRENHEIT: Final = 32.0


@dataclass(frozen=True)
class BalanceGrid:
    """Balance points that are tried: from ``first`` to ``last`` by ``step``, in degF or degC, both ends included."""

    first: float
    last: float
    step: float
    is_fahrenheit: bool = False

    @property
    def points(self) -> FloatColumn:
        """The balance points in degC."""
        count = round((self.last - self.first) / self.step) + 1
        points: FloatColumn = self.first + self.step * np.arange(count, dtype=np.float64)
        return celsius(points) if self.is_fahrenheit else points


@dataclass(frozen=True)
class Method:
    """How a baseline is fitted, and how certain savings by it are.

    ``least_days`` and ``least_total``: days with degree days, and degree days [K d], that a slope needs in a year.
    ``baseline_days``: from and to how many days a baseline period has. ``most_missing``: days of them that may be
    missing. ``least_share``: of a day's values that must be there. ``longest_hours``: of temperature, interpolated.
    ``of_bills``: of civil months as they are billed instead of days; then ``least_covered`` of a month's days need a
    temperature. ``outlier_ranges``: interquartile ranges above the median from which on a day is flagged.
    ``most_cv_rmse``: above it a model is flagged.
    """

    name: str
    title: str
    citation: str
    grid: BalanceGrid
    least_days: int = 10
    least_total: float = 20.0 * KELVIN_PER_FAHRENHEIT
    baseline_days: tuple[int, int] = (365, 366)
    most_missing: int = 37
    least_share: float = 0.5
    longest_hours: int = 6
    outlier_ranges: float = 3.0
    most_cv_rmse: float = 1.0
    of_bills: bool = False
    least_covered: float = 0.9


def celsius(fahrenheit: FloatColumn) -> FloatColumn:
    """Convert temperatures from degF to degC."""
    return (fahrenheit - FREEZING_FAHRENHEIT) * KELVIN_PER_FAHRENHEIT


_CITATION: Final = "CalTRACK 2.0, daily methods, sections 2.2, 2.3, 3 and 4 (read)"
_TABLE: Final = (
    Method(
        "caltrack-2.0-daily",
        "CalTRACK 2.0 by days, balance points from 30 to 90 degF every 3 degF",
        _CITATION,
        BalanceGrid(30.0, 90.0, 3.0, is_fahrenheit=True),
    ),
    Method(
        "caltrack-2.0-daily-celsius",
        "CalTRACK 2.0 by days, balance points from -1 to 32 degC every 1 K",
        _CITATION,
        BalanceGrid(-1.0, 32.0, 1.0),
    ),
    Method(
        "caltrack-2.0-billing",
        "CalTRACK 2.0 by civil months, weighted by their days, balance points from 30 to 90 degF every 3 degF",
        "CalTRACK 2.0, monthly methods, sections 2.2, 2.3, 3 and 4 (read)",
        BalanceGrid(30.0, 90.0, 3.0, is_fahrenheit=True),
        least_days=0,
        of_bills=True,
    ),
)

METHODS: Final[dict[str, Method]] = {method.name: method for method in _TABLE}
