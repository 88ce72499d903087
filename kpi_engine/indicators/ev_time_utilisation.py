"""Time utilisation of charging points [%]: how much of the time a vehicle is connected."""

from typing import Final

from kpi_engine.families.point_states import CONNECTED, share_of, state_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = state_indicator(
    name="ev_time_utilisation",
    title="Charging points: time with a vehicle connected",
    definition="Share of the time in which a vehicle is connected to a charging point [%], over all points that tell "
    "their status: Preparing, Charging, SuspendedEV, SuspendedEVSE and Finishing. Time in which a point is out of "
    "order counts as time of the point. Time without a known status may have been either, and widens the bounds.",
    formula="u = sum over points of connected time / sum over points of time",
    citation="Time utilisation as connected time over available time, common practice of charging operators "
    "(recalled); ChargePointStatus of OCPP 1.6 (recalled)",
    compute=lambda inputs: share_of(inputs.points, *CONNECTED),
    better=Better.HIGHER,
)
