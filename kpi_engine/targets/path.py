"""The path of a target: what each of its years is to be, along a line between the years that are named. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from ingest.model.city.targets import PathPoint, Target
from kpi_engine.formulas.bounded import Bounded, added


def goals(target: Target, baseline: Bounded) -> dict[int, Bounded]:
    """Return by year, after the baseline year and to the last one named, what its figure is to be.

    ``baseline`` is the value of the baseline year in the indicator's unit, as far as it is known. Goals that rest on it
    carry its bounds.
    """
    points = [(target.baseline.year, baseline), *((one.year, _named(one, baseline)) for one in target.path)]
    found: dict[int, Bounded] = {}
    for (first, start), (last, end) in pairwise(points):
        for year in range(first + 1, last + 1):
            share = (year - first) / (last - first)
            found[year] = end if year == last else added((start.scaled(1.0 - share), end.scaled(share)))
    return found


def named_years(points: Sequence[PathPoint]) -> frozenset[int]:
    """Return the years that a path names; those between lie on a line."""
    return frozenset(point.year for point in points)


def _named(point: PathPoint, baseline: Bounded) -> Bounded:
    return Bounded.exact(point.value) if point.value is not None else baseline.scaled((point.percent or 0.0) / 100.0)
