"""Shares of time in which charging points were in some states, as their status messages tell.

Seconds; a share is that of all points together, sum over sum. Time of which no state is known may have been in any.
"""

from collections.abc import Sequence
from math import fsum

from ingest.wording import first_of
from kpi_engine.formulas.time_share import covered, time_share
from kpi_engine.indicator import Outcome
from kpi_engine.ports.states import StateTime

PERCENT = 100.0
_NAMED = 3

# ChargePointStatus of OCPP 1.6 (recalled): a vehicle is connected from the first to the last of these.
CONNECTED = ("Preparing", "Charging", "SuspendedEVSE", "SuspendedEV", "Finishing")


def share_of(points: Sequence[StateTime], *states: str) -> Outcome:
    """Return the share of time in which ``points`` were in one of ``states`` [%]."""
    within = fsum(one.within(*states) for one in points)
    known, seconds = fsum(one.known for one in points), fsum(one.seconds for one in points)
    if not points:
        return Outcome(None, 0.0, None, "no charging point that tells its status is registered for this period")
    found = time_share(within, known, seconds).scaled(PERCENT)
    return Outcome.of(found, covered([known], [seconds]), reason=unknown_states(points))


def unknown_states(points: Sequence[StateTime]) -> str | None:
    """Say of which points the state is not known for some of the time."""
    sentences = [
        f"{one.device}: its status is unknown for {(one.seconds - one.known) / 3600:g} of {one.seconds / 3600:g} hours"
        for one in points
        if one.seconds - one.known > 1e-6
    ]
    return first_of(sentences, _NAMED, "; ") or None
