"""Failed charging sessions [%]: of those that began, how many delivered next to nothing."""

from typing import Final

from kpi_engine.formulas.charging_sessions import failed_share
from kpi_engine.indicator import Better, Indicator, Months, Outcome, StatusLimits
from kpi_engine.session_inputs import CITATION, LIMITS_OF_SESSIONS, SESSIONS, SessionInputs, inputs, outcome

PERCENT: Final = 100.0


def compute(inputs: SessionInputs) -> Outcome:
    """Return failed sessions over all of which it is known."""
    return outcome(inputs.sessions, failed_share, PERCENT)


INDICATOR: Final = Indicator(
    name="ev_failed_session_rate",
    title="Charging sessions that failed",
    unit="%",
    definition="Share of the charging sessions that began in the period and failed [%]: whoever plugged in got less "
    "than 0.1 kWh, or left within a minute. A vehicle that was full or did not want to charge is among them, so this "
    "is the most that the points can be blamed for. " + LIMITS_OF_SESSIONS,
    formula="f = sessions with E < 0.1 kWh or T < 1 min / all sessions of which it is known",
    citation=CITATION,
    frameworks=("SCIS mobility", "23 CFR 680.112"),
    inputs_model=SessionInputs,
    inputs=inputs,
    compute=compute,
    ports=(SESSIONS,),
    better=Better.LOWER,
    boundary="sessions at the charging points of the subject that tell of them",
    limits=StatusLimits(floor=20.0, reason="a rate of some percent is known well enough to a point either way"),
    months=Months.SIDE_BY_SIDE,
)
