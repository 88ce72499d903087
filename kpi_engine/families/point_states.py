"""Shares of time in which charging points were in some states, as their status messages tell.

Seconds; a share is that of all points together, sum over sum. Time of which no state is known may have been in any.
"""

from collections.abc import Sequence
from functools import partial
from math import fsum
from typing import Final

from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.time_share import covered, time_share
from kpi_engine.indicator import Indicator, Inputs, Months, Outcome
from kpi_engine.ports.states import DeviceStates, States
from kpi_engine.window import Window

PERCENT = 100.0
NO_POINT = Sentence("no charging point that tells its status is registered for this period").of()
_NAMED = 3

# ChargePointStatus of OCPP 1.6 (recalled): a vehicle is connected from the first to the last of these.
CONNECTED = ("Preparing", "Charging", "SuspendedEVSE", "SuspendedEV", "Finishing")
CHARGING = ("Charging",)
OUT_OF_ORDER = ("Unavailable", "Faulted")
IN_ORDER = ("Available", *CONNECTED, "Reserved")


STATUS = States("connector_status", ("charging_point",))


class PointStates(Inputs):
    """How long each charging point was in which state."""

    points: tuple[DeviceStates, ...]


def inputs(window: Window) -> PointStates:
    """Select the time by state of the charging points."""
    return PointStates(points=window.given(STATUS))


def share_of(points: Sequence[DeviceStates], *states: str) -> Outcome:
    """Return the share of time in which ``points`` were in one of ``states`` [%]."""
    within = fsum(one.within(*states) for one in points)
    known, seconds = fsum(one.known for one in points), fsum(one.seconds for one in points)
    if not points:
        return Outcome(None, 0.0, None, NO_POINT)
    found = time_share(within, known, seconds).scaled(PERCENT)
    return Outcome.of(found, covered([known], [seconds]), reason=unknown_states(points))


def idle_share(points: Sequence[DeviceStates]) -> Outcome:
    """Return the share of the time a vehicle was connected to ``points`` in which none was charged [%]."""
    connected, charging = (fsum(one.within(*states) for one in points) for states in (CONNECTED, CHARGING))
    known, seconds = fsum(one.known for one in points), fsum(one.seconds for one in points)
    unknown, idle = max(seconds - known, 0.0), connected - charging
    share, why = covered([known], [seconds]), unknown_states(points)
    if not points:
        return Outcome(None, 0.0, None, NO_POINT)
    if connected <= 0.0:
        return Outcome(None, share, None, why or Sentence("no vehicle was connected in this period").of())
    most = connected + unknown
    found = Bounded(idle / connected, idle / most, (idle + unknown) / most).with_value(idle / connected)
    return Outcome.of(found.scaled(PERCENT), share, reason=why)


def unknown_states(points: Sequence[DeviceStates]) -> str | None:
    """Say of which points the state is not known for some of the time."""
    sentences = [
        Sentence("{device}: its status is unknown for {unknown} of {all} hours").of(
            device=one.device, unknown=f"{(one.seconds - one.known) / 3600:g}", all=f"{one.seconds / 3600:g}"
        )
        for one in points
        if one.seconds - one.known > 1e-6
    ]
    return first_of(sentences, _NAMED, "; ") or None


state_indicator: Final = partial(
    Indicator,
    unit="%",
    frameworks=("SCIS mobility", "OCPP"),
    inputs_model=PointStates,
    inputs=inputs,
    ports=(STATUS,),
    boundary="charging points of the subject that tell their status",
    months=Months.SIDE_BY_SIDE,
)
"""What indicators of the states of charging points share."""
