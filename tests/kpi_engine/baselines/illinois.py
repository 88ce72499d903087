"""Two years of days of a building in Illinois, and what its publisher's tests expect of them.

The sample data and the expected figures are those of eemeter 2.2.10 (openeemeter/eemeter, Apache License 2.0, Copyright
2018 Open Energy Efficiency, Inc.): its samples il-electricity-cdd-hdd-daily, il-electricity-cdd-only-daily,
il-gas-hdd-only-daily and il-tempF, the temperatures as means of UTC days. Energy in kWh (gas in therm), degF.
"""

import csv
from pathlib import Path
from typing import Final

import numpy as np

from ingest.model.observation import FloatColumn

BASELINE: Final = slice(0, 365)  # up to the day before 26 December 2016
REPORTING: Final = slice(374, 739)  # from 4 January 2017 on
BALANCE_POINTS: Final = np.arange(30.0, 91.0)

with (Path(__file__).parent / "illinois_days.csv").open(encoding="utf-8") as _file:
    _ROWS: Final = list(csv.DictReader(_file))


def column(name: str) -> FloatColumn:
    """Return one column of the days."""
    return np.array([float(row[name]) for row in _ROWS])


def rising_year() -> FloatColumn:
    """Return the days of a year whose hours rise evenly from 50 to 80 degF."""
    hours: FloatColumn = 50.0 + 30.0 * np.arange(8760.0) / 8760.0
    days: FloatColumn = hours.reshape(365, 24).mean(axis=1)
    return days
