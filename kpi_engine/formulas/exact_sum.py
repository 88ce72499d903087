"""Exact sums as a few numbers, so that long columns are added up once and their sums can be added to each other's."""

from math import fsum, isfinite


def exact_parts(values: list[float]) -> tuple[float, ...]:
    """Return few numbers whose exact sum is that of ``values``: their ``fsum`` with others' is that of all values.

    Of values that are not all finite, their sum alone.
    """
    whole = sum(values)
    if not isfinite(whole):
        return (whole,)
    parts: list[float] = []
    rest = list(values)
    while part := fsum(rest):  # what rounding left is another sum, and smaller each time
        parts.append(part)
        rest.append(-part)
    return tuple(parts)
