"""Failed charging sessions [%]: of those that began, how many delivered next to nothing."""

from typing import Final

from kpi_engine.families.session_inputs import CITATION, LIMITS_OF_SESSIONS, computed_by, session_indicator
from kpi_engine.formulas.charging_sessions import failed_share
from kpi_engine.indicator import Better, Months, StatusLimits

PERCENT: Final = 100.0

INDICATOR: Final = session_indicator(
    name="ev_failed_session_rate",
    title="Charging sessions that failed",
    unit="%",
    definition="Share of the charging sessions that began in the period and failed [%]: whoever plugged in got less "
    "than 0.1 kWh, or left within a minute. A vehicle that was full or did not want to charge is among them, so this "
    "is the most that the points can be blamed for. " + LIMITS_OF_SESSIONS,
    formula="f = sessions with E < 0.1 kWh or T < 1 min / all sessions of which it is known",
    citation=CITATION,
    frameworks=("SCIS mobility", "23 CFR 680.112"),
    compute=computed_by(failed_share, PERCENT),
    better=Better.LOWER,
    limits=StatusLimits(floor=20.0, reason="a rate of some percent is known well enough to a point either way"),
    months=Months.SIDE_BY_SIDE,
)
