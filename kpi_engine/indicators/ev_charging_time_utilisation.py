"""Charging time of charging points [%]: how much of the time energy flows to a vehicle."""

from typing import Final

from kpi_engine.indicator import Better, Indicator, Months
from kpi_engine.point_states import CHARGING, STATUS, PointStates, inputs, share_of

INDICATOR: Final = Indicator(
    name="ev_charging_time_utilisation",
    title="Charging points: time charging",
    unit="%",
    definition="Share of the time in which a vehicle is charged [%], over all points that tell their status: that in "
    "state Charging, over all time of the points. A vehicle that is connected and full does not charge. Time without "
    "a known status may have been either, and widens the bounds.",
    formula="u = sum over points of time in Charging / sum over points of time",
    citation="Time utilisation as charging time over available time, common practice of charging operators "
    "(recalled); ChargePointStatus of OCPP 1.6 (recalled)",
    frameworks=("SCIS mobility", "OCPP"),
    inputs_model=PointStates,
    inputs=inputs,
    compute=lambda inputs: share_of(inputs.points, *CHARGING),
    ports=(STATUS,),
    better=Better.HIGHER,
    boundary="charging points of the subject that tell their status",
    months=Months.SIDE_BY_SIDE,
)
