"""Excess flow: the water that a substation takes beyond what its heat takes if it returns as cold as it should.

V_ref = Q / (k (T_s - T_r,ref)), excess = V - V_ref, with k of EN 1434-1 for a flow sensor in the return pipe (the
overflow method: Gadd and Werner 2014, Applied Energy 136, recalled). Below LEAST_SPREAD between supply and reference
nothing can be said: the reference volume grows beyond any bound.
"""

from typing import Final

import numpy as np

from kpi_engine.formulas.water import heat_per_volumes
from processors.steps.columns import Floats

LEAST_SPREAD: Final = 10.0  # K: from there on k is known to 0.02 %, see kpi_engine/formulas/water.py


def reference_heats(supply: Floats, reference: float) -> Floats:
    """Return the heat [kWh] that a cubic metre gives from each ``supply`` to ``reference`` degC; NaN: too close."""
    heat = heat_per_volumes(supply, np.full(len(supply), reference))
    return np.where(supply - reference >= LEAST_SPREAD, heat, np.nan)
