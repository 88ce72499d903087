"""Energy per charging session [kWh], sum over sum."""

from typing import Final

from kpi_engine.formulas.charging_sessions import mean_energy
from kpi_engine.indicator import Indicator, Months, Outcome
from kpi_engine.session_inputs import CITATION, LIMITS_OF_SESSIONS, SESSIONS, SessionInputs, inputs, outcome


def compute(inputs: SessionInputs) -> Outcome:
    """Return the energy of all sessions over their number."""
    return outcome(inputs.sessions, mean_energy)


INDICATOR: Final = Indicator(
    name="ev_energy_per_session",
    title="Energy per charging session",
    unit="kWh",
    definition="Energy of the charging sessions that began in the period over their number [kWh per session]. "
    + LIMITS_OF_SESSIONS,
    formula="e = sum of E / N, over sessions with E >= 0.1 kWh and T >= 1 min",
    citation=CITATION,
    frameworks=("SCIS mobility", "23 CFR 680.112"),
    inputs_model=SessionInputs,
    inputs=inputs,
    compute=compute,
    ports=(SESSIONS,),
    boundary="sessions at the charging points of the subject that tell of them",
    months=Months.SIDE_BY_SIDE,
)
