"""Uptime of charging points by the rule of NEVI [%]."""

from collections import defaultdict
from typing import Final

from kpi_engine.families.point_states import STATUS
from kpi_engine.families.uptime import EXCLUDED, MINUTE, NEVI, PERCENT, UptimeInputs, port_times, uptime_indicator
from kpi_engine.window import Window


def inputs(window: Window) -> UptimeInputs:
    """Select the minutes of each port, and those that the city file declares as excluded."""
    excluded: dict[str, float] = defaultdict(float)
    for one in window.given(EXCLUDED):
        excluded[one.site] += (one.value or 0.0) / PERCENT * (one.end - one.start) / 1e6 / MINUTE
    return UptimeInputs(rule=NEVI, ports=port_times(window.given(STATUS), NEVI, excluded))


INDICATOR: Final = uptime_indicator(
    name="ev_uptime_nevi",
    title="Uptime of charging points, NEVI",
    definition="Uptime by 23 CFR 680.116(b) [%]: minutes less outage that counts, over minutes. Outage is time in "
    "Unavailable or Faulted. Of it, the share of the time that the city file declares as excluded_outage of the site, "
    "day by day, does not count (maintenance, power cuts, vandalism); where none is declared, none is excluded. The "
    "rule is of each port over the previous 12 months and demands more than 97 %: of a subject this is the sum over "
    "its ports, and of the period, so a year of one port is the figure of the rule. Not carried: that a port in use "
    "must deliver its minimum power. Time without a known status is no uptime that is known, and widens the bounds.",
    formula="u = (T - (T_outage - T_excluded)) / T, sum over ports; T = 525,600 min in a year of 365 days",
    citation=f"{NEVI.version}: {NEVI.source}",
    frameworks=("23 CFR 680.116(b)",),
    inputs=inputs,
    ports=(STATUS, EXCLUDED),
    boundary="ports of the subject that tell their status; excluded outage as declared",
)
