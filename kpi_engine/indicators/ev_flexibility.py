"""Flexibility of charging [%]: how much of the time connected charging could have waited, weighted by energy."""

from typing import Final

from kpi_engine.families.session_inputs import (
    LIMITS_OF_SESSIONS,
    UNSEEN,
    SessionInputs,
    SessionValues,
    outcome,
    session_indicator,
)
from kpi_engine.formulas.charging_sessions import flexibility
from kpi_engine.indicator import Better, Months, Outcome

PERCENT: Final = 100.0


def compute(inputs: SessionInputs) -> Outcome:
    """Return the share of the connected time that is slack, each session by its energy."""
    lacking = _without_power(inputs.sessions)
    found = outcome(inputs.sessions, flexibility, PERCENT)
    if not lacking:
        return found
    why = "; ".join(filter(None, [lacking, found.reason]))
    return Outcome(found.value, found.coverage, None, why, found.lower, found.upper)


def _without_power(values: SessionValues) -> str | None:
    """Say of how many sessions the power is not declared."""
    count = sum(one is None for one in values.rated_kw) if values.rated_kw else len(values.kwh)
    return f"the city file states no rated_power for {count} of {len(values.kwh)} sessions" if count else None


INDICATOR: Final = session_indicator(
    name="ev_flexibility",
    title="Charging that could have waited",
    unit="%",
    definition="Share of the connected time in which charging could have waited without taking anything from the "
    "vehicle [%]: of each session its slack, which is the time from arrival to departure less its energy at the "
    "rated power of the point, over the time from arrival to departure; sessions are weighted by their energy. A "
    "vehicle that takes less than the rated power has less slack than this says. " + LIMITS_OF_SESSIONS + UNSEEN,
    formula="x = sum of E x (1 - E / (P x T)) / sum of E; slack of a session = T - E / P",
    citation="Slack of a session and flexibility index 1 - E / (P x connected time), literature on smart charging "
    "(recalled)",
    frameworks=("SCIS flexibility",),
    compute=compute,
    better=Better.HIGHER,
    months=Months.SIDE_BY_SIDE,
    own_rules="2",  # 1: sessions that nobody saw were like those that were seen
)
