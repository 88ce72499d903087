"""Charging sessions [1]: how many were completed at charging points in the period."""

from typing import Final

from kpi_engine.boundary.final_energy import CHARGERS
from kpi_engine.evidence.amounts import MeterAmounts, amounts
from kpi_engine.families.sum_of_meters import sum_of_meters
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome, Selection
from kpi_engine.window import Window


class ChargingSessionsInputs(Inputs):
    """Sessions completed at each charging point."""

    sessions: MeterAmounts


def inputs(window: Window) -> ChargingSessionsInputs:
    """Select the session registers of the charging points."""
    return ChargingSessionsInputs(sessions=amounts(window.meters, "charging_sessions", window.start, window.end))


def compute(inputs: ChargingSessionsInputs) -> Outcome:
    """Return the sum over the charging points."""
    return sum_of_meters(inputs.sessions)


INDICATOR: Final = Indicator(
    name="ev_charging_sessions",
    title="Charging sessions completed",
    unit="1",
    definition="Charging sessions [1] at charging points in the period. A session counts when it ends; where points "
    "send records of sessions, when its vehicle was plugged in. One counted between the last reading before an edge of "
    "the period and the first after it is divided between both periods by time, so the figure need not be a whole "
    "number, and those of all days add up to the month's.",
    formula="N = sum over charging points of (register of sessions at the end - at the start; or sessions begun)",
    citation="Number of sessions as the denominator of energy per session: common practice of charging operators, "
    "OCPP transactions (recalled)",
    frameworks=("SCIS mobility", "OCPP"),
    needs=Needs((Selection(("charging_sessions",), device_types=CHARGERS),), nested=False),
    inputs_model=ChargingSessionsInputs,
    inputs=inputs,
    compute=compute,
    is_sum=True,
    better=Better.HIGHER,
    boundary="sessions that the charging points of the subject count",
    months=Months.ADD_UP,
)
