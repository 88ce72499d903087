"""Mean outdoor temperature [degC] of the civil days of a period, at the weather stations of a city."""

from typing import Final

import numpy as np

from kpi_engine.families.outdoor_days import DEFINITION, OutdoorDays, degree_day_indicator
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Outcome, StatusLimits


def compute(days: OutdoorDays) -> Outcome:
    """Return the mean over the days; None where of one of them nothing is known."""
    if not days.mean_degc:
        return Outcome(None, 0.0, None, days.lacking)
    mean, lower, upper = (float(np.mean(column)) for column in days.columns)
    found = Bounded(None if np.isnan(mean) else mean, lower, upper)
    return Outcome.of(found.with_value(found.value), days.known_share, reason=days.lacking)


INDICATOR: Final = degree_day_indicator(
    name="outdoor_mean_temperature",
    title="Mean outdoor temperature",
    unit="degC",
    definition="Mean outdoor temperature of the civil days of a period [degC]. " + DEFINITION,
    formula="T = sum over days of Tm / number of days",
    citation="Daily mean outdoor air temperature, as EN 16798-1:2019, annex B.2.2, weighs it (recalled)",
    frameworks=("EN 16798-1",),
    limits=StatusLimits(floor=40.0, reason="2 K of a daily mean is what a station at another place may show"),
    compute=compute,
)
