"""Energy per charging session [kWh], sum over sum."""

from typing import Final

from kpi_engine.families.session_inputs import CITATION, LIMITS_OF_SESSIONS, UNSEEN, computed_by, session_indicator
from kpi_engine.formulas.charging_sessions import mean_energy
from kpi_engine.indicator import Months

INDICATOR: Final = session_indicator(
    name="ev_energy_per_session",
    title="Energy per charging session",
    unit="kWh",
    definition="Energy of the charging sessions that began in the period over their number [kWh per session]. "
    + LIMITS_OF_SESSIONS
    + UNSEEN,
    formula="e = sum of E / N, over sessions with E >= 0.1 kWh and T >= 1 min",
    citation=CITATION,
    frameworks=("SCIS mobility", "23 CFR 680.112"),
    compute=computed_by(mean_energy),
    months=Months.SIDE_BY_SIDE,
    own_rules="2",  # 1: sessions that nobody saw were like those that were seen
)
