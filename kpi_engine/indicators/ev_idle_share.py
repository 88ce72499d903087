"""Idle share of charging points [%]: of the time a vehicle is connected, how much it does not charge."""

from typing import Final

from kpi_engine.families.point_states import idle_share, state_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = state_indicator(
    name="ev_idle_share",
    title="Charging points: connected, not charging",
    definition="Share of the connected time in which nothing is charged [%]: Preparing, SuspendedEV, SuspendedEVSE "
    "and Finishing over these and Charging, over all points that tell their status. Time without a known status may "
    "have been idle or charging, and widens the bounds.",
    formula="i = sum over points of (connected time - time in Charging) / sum over points of connected time",
    citation="Idle ratio of charging points, common practice of charging operators (recalled); ChargePointStatus of "
    "OCPP 1.6 (recalled)",
    compute=lambda inputs: idle_share(inputs.points),
    better=Better.LOWER,
)
