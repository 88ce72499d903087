"""Completed charging sessions [1], counted as events: a whole number."""

from typing import Final

from kpi_engine.families.session_inputs import CITATION, LIMITS_OF_SESSIONS, computed_by, session_indicator
from kpi_engine.formulas.charging_sessions import number
from kpi_engine.indicator import Better, Months, StatusLimits

INDICATOR: Final = session_indicator(
    name="ev_sessions_completed",
    title="Charging sessions, as events",
    unit="1",
    definition="Charging sessions [1] that began in the period and delivered something: a whole number, made of "
    "records of sessions or of those that register and plug tell of. " + LIMITS_OF_SESSIONS,
    formula="N = number of sessions with E >= 0.1 kWh and T >= 1 min",
    citation=CITATION,
    frameworks=("SCIS mobility", "23 CFR 680.112"),
    compute=computed_by(number),
    better=Better.HIGHER,
    limits=StatusLimits(floor=20.0, reason="a count that may lack one session is told all the same"),
    months=Months.ADD_UP,
)
