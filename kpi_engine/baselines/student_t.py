"""Student's t distribution: how many standard errors lie on both sides of an estimate at a confidence."""

from functools import lru_cache
from math import exp, lgamma, log, log1p
from typing import Final

_TINY: Final = 1e-300
_CLOSE: Final = 1e-15
_MOST_TERMS: Final = 10_000


@lru_cache(maxsize=1_024)
def t_value(confidence: float, degrees_of_freedom: float) -> float:
    """Return t such that [-t, t] holds ``confidence`` of the distribution.

    ValueError unless 0 < confidence < 1 and there is a degree of freedom.
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"expected a confidence between 0 and 1, not {confidence:g}")
    if degrees_of_freedom <= 0:
        raise ValueError(f"expected at least one degree of freedom, not {degrees_of_freedom:g}")
    low, high = 0.0, 1.0
    while _within(high, degrees_of_freedom) < confidence:
        low, high = high, 2.0 * high
    while high - low > _CLOSE * high:
        middle = (low + high) / 2.0
        if middle in {low, high}:
            break
        low, high = (middle, high) if _within(middle, degrees_of_freedom) < confidence else (low, middle)
    return (low + high) / 2.0


def _within(t: float, degrees: float) -> float:
    """Return how much of the distribution lies in [-t, t]."""
    return 1.0 - _incomplete_beta(degrees / (degrees + t * t), degrees / 2.0, 0.5)


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function, by its continued fraction (Lentz)."""
    if x <= 0.0 or x >= 1.0:
        return min(max(x, 0.0), 1.0)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - front * _fraction(1.0 - x, b, a) / b
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1.0))
    found = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            d = 1.0 / _away_from_zero(1.0 + term * d)
            c = _away_from_zero(1.0 + term / c)
            step = c * d
            found *= step
        if abs(step - 1.0) < _CLOSE:
            break
    return found


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
