"""Time utilisation of charging points [%]: how much of the time a vehicle is connected."""

from typing import Final

from kpi_engine.indicator import Better, Indicator, Months, Outcome
from kpi_engine.point_states import CONNECTED, STATUS, PointStates, inputs, share_of


def compute(inputs: PointStates) -> Outcome:
    """Return connected time over all time of the points, sum over sum."""
    return share_of(inputs.points, *CONNECTED)


INDICATOR: Final = Indicator(
    name="ev_time_utilisation",
    title="Charging points: time with a vehicle connected",
    unit="%",
    definition="Share of the time in which a vehicle is connected to a charging point [%], over all points that tell "
    "their status: Preparing, Charging, SuspendedEV, SuspendedEVSE and Finishing. Time in which a point is out of "
    "order counts as time of the point. Time without a known status may have been either, and widens the bounds.",
    formula="u = sum over points of connected time / sum over points of time",
    citation="Time utilisation as connected time over available time, common practice of charging operators "
    "(recalled); ChargePointStatus of OCPP 1.6 (recalled)",
    frameworks=("SCIS mobility", "OCPP"),
    inputs_model=PointStates,
    inputs=inputs,
    compute=compute,
    ports=(STATUS,),
    better=Better.HIGHER,
    boundary="charging points of the subject that tell their status",
    months=Months.SIDE_BY_SIDE,
)
