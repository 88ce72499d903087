"""Whether the days of a baseline period suffice to fit a model, and what is odd about them. Pure.

CalTRACK 2.0, 2.2 and 2.3. What is wrong is a sentence each; an outlier is named and stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from ingest.model.observation import Mask
from ingest.wording import first_of
from kpi_engine.baselines.billing import BillingPeriods, month_label, of_whole_months
from kpi_engine.baselines.days import EnergyDays, day_of_number
from kpi_engine.baselines.methods import Method

LEAST_BILLS: Final = 11  # of twelve: a second one would be more days than may be missing
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
    counts = of_whole_months(days, method.least_covered) if method.of_bills else days.is_known
    missing = int(np.count_nonzero(~counts))
    return Sufficiency(len(days), missing, tuple(_disqualified(days, method, missing)), tuple(_flags(days, method)))


def _disqualified(days: EnergyDays, method: Method, missing: int) -> Iterator[str]:
    least, most = method.baseline_days
    if not least <= len(days) <= most:
        yield f"the period has {len(days)} days; expected a whole year, {least} or {most}"
    if method.of_bills:
        yield from _disqualified_bills(days, method)
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


def _disqualified_bills(days: EnergyDays, method: Method) -> Iterator[str]:
    """Yield what keeps civil months from being bills of a year: cut ones, and too few that can be told."""
    first, last = (day_of_number(int(days.day[place])) for place in (0, -1))
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        yield f"bills are told by civil months, and the period from {first} to {last} cuts one; expected whole months"
    months = BillingPeriods.of_days(days.day)
    known = np.bincount(months.of, weights=of_whole_months(days, method.least_covered))
    told = int(np.count_nonzero(known))
    if told < LEAST_BILLS:
        lacking = first_of([month_label(one) for one in months.number[known == 0.0].tolist()], NAMED)
        yield (
            f"{told} months can be told, {LEAST_BILLS} are needed; without energy, or with less than "
            f"{method.least_covered:.0%} of their temperatures: {lacking}"
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
