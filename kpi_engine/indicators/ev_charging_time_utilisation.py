"""Charging time of charging points [%]: how much of the time energy flows to a vehicle."""

from typing import Final

from kpi_engine.families.point_states import CHARGING, share_of, state_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = state_indicator(
    name="ev_charging_time_utilisation",
    title="Charging points: time charging",
    definition="Share of the time in which a vehicle is charged [%], over all points that tell their status: that in "
    "state Charging, over all time of the points. A vehicle that is connected and full does not charge. Time without "
    "a known status may have been either, and widens the bounds.",
    formula="u = sum over points of time in Charging / sum over points of time",
    citation="Time utilisation as charging time over available time, common practice of charging operators "
    "(recalled); ChargePointStatus of OCPP 1.6 (recalled)",
    compute=lambda inputs: share_of(inputs.points, *CHARGING),
    better=Better.HIGHER,
)
