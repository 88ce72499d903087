"""Availability of charging points [%]: how much of the time they are neither Unavailable nor Faulted."""

from typing import Final

from kpi_engine.families.point_states import IN_ORDER, share_of, state_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = state_indicator(
    name="ev_availability",
    title="Charging points: time in order",
    definition="Share of the time in which a charging point is in order [%]: neither Unavailable nor Faulted, whether "
    "a vehicle is there or not, over all points that tell their status. Time without a known status may have been "
    "either, and widens the bounds; ev_uptime_nevi and ev_uptime_uk follow rules of law instead.",
    formula="a = sum over points of time in order / sum over points of time",
    citation="Availability as time in order over time (recalled); ChargePointStatus of OCPP 1.6 (recalled)",
    compute=lambda inputs: share_of(inputs.points, *IN_ORDER),
    better=Better.HIGHER,
)
