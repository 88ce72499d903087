"""Normalised savings (IPMVP): both models, of before and after, at the temperatures of a normal year. Pure."""

from dataclasses import dataclass
from math import hypot
from typing import Final

from ingest.model.observation import FloatColumn
from kpi_engine.baselines.avoided import LIMITS
from kpi_engine.baselines.fitted import Baseline
from kpi_engine.baselines.savings import Bound
from kpi_engine.baselines.uncertainty import of_model
from kpi_engine.figures.status import publication
from kpi_engine.indicator import Outcome

MONTHS: Final = 12.0


@dataclass(frozen=True)
class NormalisedSavings:
    """Energy of a normal year by the model of before and the model of after [kWh], and what lies between them."""

    before: float
    after: float
    saved: Bound


def normalised_savings(
    before: Baseline, after: Baseline, temperature: FloatColumn, confidence: float
) -> NormalisedSavings:
    """Return the savings of a year of these temperatures, one a day, all of them known.

    The uncertainties of both models are independent of each other: they add as squares.
    """
    sums = [float(one.model.predict(temperature).sum()) for one in (before, after)]
    widths = [
        of_model(one.quality, confidence, MONTHS, len(temperature)) * abs(whole)
        for one, whole in zip((before, after), sums, strict=True)
    ]
    half_width, value = hypot(*widths), sums[0] - sums[1]
    spreads = [one.spread(temperature) for one in (before, after)]
    lower = value - half_width - spreads[0][0] - spreads[1][1]
    upper = value + half_width + spreads[0][1] + spreads[1][0]
    outcome = Outcome(value, 1.0, lower=lower, upper=upper)
    verdict = publication(outcome, is_open=False, limits=LIMITS)
    return NormalisedSavings(sums[0], sums[1], Bound(verdict.value, lower, upper, verdict.status, verdict.reason))
