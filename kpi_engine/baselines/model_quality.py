"""How well a model fits the days it was made from, and how many of them are independent. Pure.

Residuals are measured less predicted. CV(RMSE) and NMBE divide by n - p, where p counts the intercept (ASHRAE Guideline
14). CalTRACK 2.0, 4.3.2.2, divides by P - c, where c does not, and makes the uncertainty of savings of that one.
"""

from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any, Final

import numpy as np

from ingest.model.observation import FloatColumn, IntColumn

_LEAST_PAIRS: Final = 2


@dataclass(frozen=True)
class ModelQuality:
    """Diagnostics of a fit to ``days`` days with ``parameters`` coefficients, intercept included.

    ``cv_rmse``: by n - p; ``cv_rmse_caltrack``: by P - c. ``nmbe`` > 0: the model says too little.
    ``of_bills``: its days are civil months, by their totals. ``autocorrelation``: of a day's residual with the next
    day's; ``independent_days``: n', at least 1.
    """

    days: int
    parameters: int
    mean: float
    rmse: float
    cv_rmse: float
    cv_rmse_caltrack: float
    nmbe: float
    r2: float
    autocorrelation: float
    independent_days: float
    of_bills: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as it is kept; what is not said of days was not said of them before there were bills."""
        return {name: value for name, value in asdict(self).items() if name != "of_bills" or value}

    @property
    def degrees_of_freedom(self) -> int:
        """CalTRACK's P - c, which the uncertainty of savings takes."""
        return self.days - self.parameters + 1


def model_quality(
    day: IntColumn, measured: FloatColumn, predicted: FloatColumn, parameters: int, *, of_bills: bool = False
) -> ModelQuality:
    """Return the diagnostics of a model on its own days, which are in order; ``parameters`` counts the intercept.

    ``of_bills``: the days are months, and so are their numbers.

    ValueError where there are no more days than parameters.
    """
    count = len(measured)
    if count <= parameters:
        raise ValueError(f"expected more than {parameters} days, not {count}")
    residuals = measured - predicted
    mean, squares = float(measured.mean()), float((residuals * residuals).sum())
    total = float(((measured - mean) ** 2).sum())
    rmse, by_caltrack = sqrt(squares / (count - parameters)), sqrt(squares / (count - parameters + 1))
    related = autocorrelation(day, residuals)
    return ModelQuality(
        count,
        parameters,
        mean,
        rmse,
        _over(rmse, mean),
        _over(by_caltrack, mean),
        _over(float(residuals.sum()) / (count - parameters), mean),
        1.0 - squares / total if total else 0.0,
        related,
        independent(count, related),
        of_bills,
    )


def autocorrelation(day: IntColumn, residuals: FloatColumn) -> float:
    """Return the correlation of residuals with those of the following day; 0 where it is not defined.

    A day without a neighbour has no part in it.
    """
    follows = np.flatnonzero(np.diff(day) == 1)
    if len(follows) < _LEAST_PAIRS:
        return 0.0
    one, next_one = residuals[follows], residuals[follows + 1]
    one, next_one = one - one.mean(), next_one - next_one.mean()
    scale = sqrt(float((one * one).sum()) * float((next_one * next_one).sum()))
    return float((one * next_one).sum()) / scale if scale > 0.0 else 0.0


def independent(count: int, related: float) -> float:
    """Return n' = n (1 - rho) / (1 + rho), at least 1."""
    return max(count * (1.0 - related) / (1.0 + related), 1.0) if related > -1.0 else float(count)


def _over(value: float, mean: float) -> float:
    return value / mean if mean else (0.0 if value == 0.0 else float("inf"))
