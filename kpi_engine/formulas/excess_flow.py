"""Excess flow: the water that a substation takes beyond what its heat takes if it returns as cold as it should.

V_ref = Q / (k (T_s - T_r,ref)), excess = V - V_ref, with k of EN 1434-1 for a flow sensor in the return pipe (the
overflow method: Gadd and Werner 2014, Applied Energy 136, recalled). Below LEAST_SPREAD between supply and reference
nothing can be said: the reference volume grows beyond any bound.
"""

from typing import Final

from kpi_engine.formulas.water import heat_per_volume

LEAST_SPREAD: Final = 10.0  # K: from there on k is known to 0.02 %, see kpi_engine/formulas/water.py


def reference_heat(supply: float, reference: float) -> float | None:
    """Return the heat [kWh] that a cubic metre gives from ``supply`` to ``reference`` degC; None: too close."""
    return heat_per_volume(supply, reference) if supply - reference >= LEAST_SPREAD else None
