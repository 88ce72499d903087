"""Whether the days of a baseline period suffice to fit a model, and what is odd about them. Pure.

CalTRACK 2.0, 2.2 and 2.3. What is wrong is a sentence each; an outlier is named and stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.observation import Mask
from ingest.wording import first_of
from kpi_engine.baselines.days import EnergyDays, day_of_number
from kpi_engine.baselines.methods import Method

NAMED: Final = 5  # days in one sentence


@dataclass(frozen=True)
class Sufficiency:
    """``disqualified``: why no model may be fitted, a sentence each; ``flags``: what somebody should look at.

    ``days`` of the period, and how many of them are ``missing``.
    """

    days: int
    missing: int
    disqualified: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def sufficiency(days: EnergyDays, method: Method) -> Sufficiency:
    """Return what can be said of the days of a baseline period; NaN is what is not known."""
    missing = int(np.count_nonzero(~days.is_known))
    return Sufficiency(len(days), missing, tuple(_disqualified(days, method, missing)), tuple(_flags(days, method)))


def _disqualified(days: EnergyDays, method: Method, missing: int) -> Iterator[str]:
    least, most = method.baseline_days
    if not least <= len(days) <= most:
        yield f"the period has {len(days)} days; expected a whole year, {least} or {most}"
    if missing > method.most_missing:
        energy = int(np.count_nonzero(np.isnan(days.energy)))
        temperature = int(np.count_nonzero(np.isnan(days.temperature)))
        yield (
            f"{missing} days of the period are missing ({energy} lack their energy, {temperature} their "
            f"temperature); {method.most_missing} may be"
        )
    if (negative := days.energy < 0.0).any():
        yield (
            f"the energy of {_days(days, negative)} is negative: something flows back, "
            "which a model of use does not tell"
        )


def _flags(days: EnergyDays, method: Method) -> Iterator[str]:
    known = days.energy[np.isfinite(days.energy)]
    if not len(known):
        return
    low, middle, high = np.percentile(known, [25, 50, 75])
    limit = middle + method.outlier_ranges * (high - low)
    with np.errstate(invalid="ignore"):
        outlying = days.energy > limit
    if outlying.any():
        yield (
            f"the energy of {_days(days, outlying)} lies more than {method.outlier_ranges:g} interquartile ranges "
            f"above the median ({limit:.6g} kWh): look whether it is true; it counts as it is"
        )


def _days(days: EnergyDays, chosen: Mask) -> str:
    numbers = days.day[chosen].tolist()
    return first_of([day_of_number(number).isoformat() for number in numbers], NAMED)
