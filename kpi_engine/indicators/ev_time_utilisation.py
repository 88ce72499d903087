"""Time utilisation of charging points [%]: how much of the time a vehicle is connected."""

from typing import Final

from kpi_engine.indicator import Indicator, Inputs, Outcome
from kpi_engine.point_states import CONNECTED, share_of
from kpi_engine.ports.states import States, StateTime
from kpi_engine.window import Window

STATUS: Final = States("connector_status", ("charging_point",))


class TimeUtilisationInputs(Inputs):
    """How long each charging point was in which state."""

    points: tuple[StateTime, ...]


def inputs(window: Window) -> TimeUtilisationInputs:
    """Select the time by state of the charging points."""
    return TimeUtilisationInputs(points=window.given(STATUS))


def compute(inputs: TimeUtilisationInputs) -> Outcome:
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
    inputs_model=TimeUtilisationInputs,
    inputs=inputs,
    compute=compute,
    ports=(STATUS,),
)
