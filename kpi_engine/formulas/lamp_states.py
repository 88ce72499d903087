"""What a lamp did hour by hour, as its readings tell: lit, dark, or not known.

A lamp is lit in an hour in which it gave light for most of it.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LampStates = npt.NDArray[np.int8]

LIT: Final = 1
DARK: Final = 0
UNKNOWN: Final = -1

MOST: Final = 0.5  # of an hour


def states_of_register(burnt: Floats, hours: Floats) -> LampStates:
    """Return the state in hours of a length of ``hours``, of which ``burnt`` were counted; NaN where not known."""
    return _states(~np.isnan(burnt), burnt >= MOST * hours)


def states_of_gauge(mean: Floats, least: Floats, greatest: Floats, above: float) -> LampStates:
    """Return the state in hours with these levels; light is given by a level that is greater than ``above``.

    Where the level was above it for a part of the hour, it was so for most of it if the mean is half the greatest.
    """
    is_lit = (least > above) | ((greatest > above) & (mean >= MOST * greatest))
    return _states(~np.isnan(mean), is_lit)


def _states(is_known: npt.NDArray[np.bool_], is_lit: npt.NDArray[np.bool_]) -> LampStates:
    return np.where(is_known, np.where(is_lit, LIT, DARK), UNKNOWN).astype(np.int8)
