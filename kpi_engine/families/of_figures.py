"""What is made of other figures: what is said of all of them together."""

from collections.abc import Iterable

from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Outcome
from kpi_engine.ports.metric import MetricInput


def bounded_of(one: MetricInput) -> Bounded:
    """Return a figure with its bounds."""
    return Bounded.between(one.value, one.lower, one.upper)


def made_of(found: Bounded, figures: Iterable[MetricInput], why: str | None = None) -> Outcome:
    """Return an outcome that is known as far as the least known of ``figures``, and says what is said of each."""
    every = list(figures)
    covered = min((one.coverage for one in every), default=0.0)
    reasons = (f"{one.of or one.kpi}: {one.reason}" for one in every if one.reason)
    return Outcome.of(found, covered, reason="; ".join(filter(None, [why, *dict.fromkeys(reasons)])) or None)
