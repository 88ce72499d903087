"""Idle share of charging points [%]: of the time a vehicle is connected, how much it does not charge."""

from typing import Final

from kpi_engine.indicator import Better, Indicator, Months
from kpi_engine.point_states import STATUS, PointStates, idle_share, inputs

INDICATOR: Final = Indicator(
    name="ev_idle_share",
    title="Charging points: connected, not charging",
    unit="%",
    definition="Share of the connected time in which nothing is charged [%]: Preparing, SuspendedEV, SuspendedEVSE "
    "and Finishing over these and Charging, over all points that tell their status. Time without a known status may "
    "have been idle or charging, and widens the bounds.",
    formula="i = sum over points of (connected time - time in Charging) / sum over points of connected time",
    citation="Idle ratio of charging points, common practice of charging operators (recalled); ChargePointStatus of "
    "OCPP 1.6 (recalled)",
    frameworks=("SCIS mobility", "OCPP"),
    inputs_model=PointStates,
    inputs=inputs,
    compute=lambda inputs: idle_share(inputs.points),
    ports=(STATUS,),
    better=Better.LOWER,
    boundary="charging points of the subject that tell their status",
    months=Months.SIDE_BY_SIDE,
)
