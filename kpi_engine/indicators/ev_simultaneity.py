"""Simultaneity of charging [%]: the largest hour of all points together over what they are rated for."""

from math import fsum
from typing import Final

from pydantic import Field

from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.families.charging_load import (
    POINTS,
    RATED_POWER,
    ChargingLoad,
    RatedPoint,
    load_of,
    over_rated,
    peak_load,
    rated_indicator,
    rated_points,
)
from kpi_engine.indicator import Better, Outcome
from kpi_engine.window import Window


class SimultaneityInputs(ChargingLoad):
    """Hours of energy charged [kWh], the rated power of each point, and the period in seconds."""

    rated: tuple[RatedPoint, ...]
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> SimultaneityInputs:
    """Select the hours and the powers of the charging points."""
    load, rated = load_of(window, POINTS), rated_points(window.given(RATED_POWER))
    return SimultaneityInputs(**dict(load), rated=rated, seconds=window.seconds)


def compute(inputs: SimultaneityInputs) -> Outcome:
    """Return the peak over the sum of rated powers, each weighted by the time its point stood."""
    power = fsum((one.kw or 0.0) * one.seconds for one in inputs.rated) / inputs.seconds
    return over_rated(peak_load(inputs), inputs.rated, power)


INDICATOR: Final = rated_indicator(
    name="ev_simultaneity",
    title="Simultaneity of charging",
    definition="Largest hourly mean power of all charging points together over the sum of their rated powers [%], "
    "which the city file states as rated_power of the site of each point (of one point). A point that came or went "
    "counts with its share of the period. Without the power of a point, or with points that send records of sessions, "
    "there is no figure.",
    formula="g = max over hours of sum over points of E / 1 h / sum over points of P_rated",
    citation="Simultaneity g(N) = max_t sum P_i(t) / sum P_i,max (recalled)",
    inputs_model=SimultaneityInputs,
    inputs=inputs,
    compute=compute,
    ports=(POINTS, RATED_POWER),
    better=Better.LOWER,
    interval="hour",
)
