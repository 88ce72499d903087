"""Amounts with their bounds, and how both travel through sums, products and ratios.

An amount lies between ``lower`` and ``upper``, which are infinite where nothing bounds it. Bounds are guaranteed by
what is known, so they add up like the amounts do: no probability is in them, and none of them cancel.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, inf, isfinite


@dataclass(frozen=True)
class Bounded:
    """A ``value``, None where nobody knows it, and what it lies between."""

    value: float | None
    lower: float = -inf
    upper: float = inf

    @classmethod
    def exact(cls, value: float) -> "Bounded":
        """Return a value of which nothing is in doubt."""
        return cls(value, value, value)

    @classmethod
    def between(cls, value: float | None, lower: float | None, upper: float | None) -> "Bounded":
        """Return a value between bounds of which None says that there is none."""
        return cls(value, -inf if lower is None else lower, inf if upper is None else upper)

    def scaled(self, by: float) -> "Bounded":
        """Return the amount times a factor that is exact."""
        if by == 0.0:
            return Bounded.exact(0.0)
        value = None if self.value is None else self.value * by
        ends = sorted((self.lower * by, self.upper * by))
        return Bounded(value, *ends)

    def widened(self, by: float) -> "Bounded":
        """Return the amount with bounds that are further away by an absolute amount."""
        return Bounded(self.value, self.lower - by, self.upper + by)

    def with_value(self, value: float | None) -> "Bounded":
        """Return the bounds around another value, as one that was rounded otherwise."""
        if value is None:
            return Bounded(None, self.lower, self.upper)
        return Bounded(value, min(self.lower, value), max(self.upper, value))

    @property
    def half_width(self) -> float:
        """The most by which the value can be wrong; infinite where nothing bounds it, or there is none."""
        return inf if self.value is None else max(self.value - self.lower, self.upper - self.value, 0.0)

    @property
    def published(self) -> tuple[float | None, float | None]:
        """Lower and upper bound, None where there is none."""
        return self.lower if isfinite(self.lower) else None, self.upper if isfinite(self.upper) else None


def added(parts: Iterable[Bounded]) -> Bounded:
    """Return the sum of amounts, exact and rounded once; of none, or where one is unknown, there is no value."""
    every = list(parts)
    known = [part.value for part in every if part.value is not None]
    value = fsum(known) if every and len(known) == len(every) else None
    if not every:
        return Bounded(None)
    lower, upper = summed([part.lower for part in every]), summed([part.upper for part in every])
    return Bounded(value, lower, upper).with_value(value)


def ratio(over: Bounded, under: Bounded, value: float) -> Bounded:
    """Return the bounds of a quotient whose value is given; ``under`` is positive, else nothing bounds it."""
    if under.lower <= 0.0 or not all(map(isfinite, (over.lower, over.upper, under.upper))):
        return Bounded(value)
    ends = [end / by for end in (over.lower, over.upper) for by in (under.lower, under.upper)]
    return Bounded(value, min(ends), max(ends)).with_value(value)


def times(one: Bounded, other: Bounded) -> Bounded:
    """Return the product of two amounts; what is not bounded leaves it without bounds."""
    value = None if one.value is None or other.value is None else one.value * other.value
    ends = [one.lower, one.upper, other.lower, other.upper]
    if not all(map(isfinite, ends)):
        return Bounded(value)
    products = [a * b for a in ends[:2] for b in ends[2:]]
    return Bounded(value, min(products), max(products)).with_value(value)


def summed(values: list[float]) -> float:
    """Return a sum, rounded once; infinite where one of ``values`` is."""
    return fsum(values) if all(map(isfinite, values)) else sum(values)
