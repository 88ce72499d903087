"""Shares of the time of charging points [%] by the state that they tell."""

from typing import Final

from kpi_engine.families.point_states import CHARGING, CONNECTED, IN_ORDER, idle_share, share_of, state_indicator
from kpi_engine.indicator import Better

INDICATORS: Final = (
    state_indicator(
        name="ev_availability",
        title="Charging points: time in order",
        definition="Share of the time in which a charging point is in order [%]: neither Unavailable nor Faulted, "
        "whether a vehicle is there or not, over all points that tell their status. Time without a known status may "
        "have been either, and widens the bounds; ev_uptime_nevi and ev_uptime_uk follow rules of law instead.",
        formula="a = sum over points of time in order / sum over points of time",
        citation="Availability as time in order over time (recalled); ChargePointStatus of OCPP 1.6 (recalled)",
        compute=lambda inputs: share_of(inputs.points, *IN_ORDER),
        better=Better.HIGHER,
    ),
    state_indicator(
        name="ev_time_utilisation",
        title="Charging points: time with a vehicle connected",
        definition="Share of the time in which a vehicle is connected to a charging point [%], over all points that "
        "tell their status: Preparing, Charging, SuspendedEV, SuspendedEVSE and Finishing. Time in which a point is "
        "out of order counts as time of the point. Time without a known status may have been either, and widens the "
        "bounds.",
        formula="u = sum over points of connected time / sum over points of time",
        citation="Time utilisation as connected time over available time, common practice of charging operators "
        "(recalled); ChargePointStatus of OCPP 1.6 (recalled)",
        compute=lambda inputs: share_of(inputs.points, *CONNECTED),
        better=Better.HIGHER,
    ),
    state_indicator(
        name="ev_charging_time_utilisation",
        title="Charging points: time charging",
        definition="Share of the time in which a vehicle is charged [%], over all points that tell their status: that "
        "in state Charging, over all time of the points. A vehicle that is connected and full does not charge. Time "
        "without a known status may have been either, and widens the bounds.",
        formula="u = sum over points of time in Charging / sum over points of time",
        citation="Time utilisation as charging time over available time, common practice of charging operators "
        "(recalled); ChargePointStatus of OCPP 1.6 (recalled)",
        compute=lambda inputs: share_of(inputs.points, *CHARGING),
        better=Better.HIGHER,
    ),
    state_indicator(
        name="ev_idle_share",
        title="Charging points: connected, not charging",
        definition="Share of the connected time in which nothing is charged [%]: Preparing, SuspendedEV, SuspendedEVSE "
        "and Finishing over these and Charging, over all points that tell their status. Time without a known status "
        "may have been idle or charging, and widens the bounds.",
        formula="i = sum over points of (connected time - time in Charging) / sum over points of connected time",
        citation="Idle ratio of charging points, common practice of charging operators (recalled); ChargePointStatus "
        "of OCPP 1.6 (recalled)",
        compute=lambda inputs: idle_share(inputs.points),
        better=Better.LOWER,
    ),
)
