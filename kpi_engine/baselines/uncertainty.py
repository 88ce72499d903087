"""How certain savings are: the fractional savings uncertainty of ASHRAE Guideline 14, as CalTRACK 2.0 has it. Pure."""

from dataclasses import dataclass
from math import inf, sqrt
from typing import Final

from kpi_engine.baselines.model_quality import ModelQuality
from kpi_engine.baselines.student_t import t_value

USUAL_CONFIDENCE: Final = 0.90


@dataclass(frozen=True)
class Inflation:
    """Sun and Baltazar (2013), for residuals that resemble each other: a M2 + b M + d, M months of reporting."""

    a: float
    b: float
    d: float

    def of(self, months: float) -> float:
        """Return the factor for so many months."""
        return self.a * months * months + self.b * months + self.d


DAILY: Final = Inflation(-0.00024, 0.03535, 1.00286)
BILLING: Final = Inflation(-0.00022, 0.03306, 0.94054)


def relative_half_width(  # noqa: PLR0913, PLR0917 - the terms of the formula
    t: float, inflation: float, cv_rmse: float, days: float, independent_days: float, reported: float
) -> float:
    """Return the half-width of savings over the adjusted baseline: t a CV sqrt(n/n' (1 + 2/n') / m); infinite for m 0.

    ``days`` and ``independent_days`` of the baseline, ``reported`` days.
    """
    if reported <= 0:
        return inf
    return t * inflation * cv_rmse * sqrt(days / independent_days * (1.0 + 2.0 / independent_days) / reported)


def fractional_savings_uncertainty(half_width: float, savings_fraction: float) -> float:
    """Return the half-width over the savings: what ``relative_half_width`` is of F, savings over adjusted baseline."""
    return half_width / abs(savings_fraction) if savings_fraction else inf


def of_model(quality: ModelQuality, confidence: float, months: float, reported: float) -> float:
    """Return the relative half-width of savings by a model, of ``reported`` days in ``months`` months.

    Of a model of bills months are what is reported.
    """
    t = t_value(confidence, quality.degrees_of_freedom)
    inflation = (BILLING if quality.of_bills else DAILY).of(months)
    reported = months if quality.of_bills else reported
    return relative_half_width(t, inflation, quality.cv_rmse_caltrack, quality.days, quality.independent_days, reported)
