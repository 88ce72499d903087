"""Reliability of rapid charging points by the rule of the United Kingdom [%]."""

from typing import Final

from kpi_engine.families.point_states import STATUS
from kpi_engine.families.uptime import RAPID, UK, UptimeInputs, port_times, uptime_indicator
from kpi_engine.window import Window


def inputs(window: Window) -> UptimeInputs:
    """Select the minutes of the points that the rule speaks of."""
    power: dict[str, float] = {}
    for one in window.given(RAPID):
        if one.value is not None:
            power[one.site] = max(one.value, power.get(one.site, 0.0))
    points = window.given(STATUS)
    rapid = [one for one in points if power.get(one.device, 0.0) >= UK.least_power_kw]
    left_out = tuple(one.device for one in points if one.device not in power)
    return UptimeInputs(rule=UK, ports=port_times(rapid, UK, {}), left_out=left_out)


INDICATOR: Final = uptime_indicator(
    name="ev_uptime_uk",
    title="Reliability of rapid charging points, UK",
    definition="Reliability by SI 2023/1168, regulation 7 [%]: average over the city's charging points of 50 kW and "
    "more (rated_power of the site), which are to reach 99 % in a calendar year. Statuses of OCPP stand for those of "
    "OCPI that the rule names: Faulted and Unavailable for OUTOFORDER and INOPERATIVE, all others for AVAILABLE, "
    "CHARGING and RESERVED. UNKNOWN counts as reliable there, so the value does so too, and the lower bound says what "
    "it would be otherwise; BLOCKED, which does as well, has no status of its own here. Not carried: hours in which a "
    "place is closed, and exemptions that the regulation grants. A city without such points has no such figure.",
    formula="r = (T - T_unreliable) / T, sum over points; 8,760 h of a year allow 87.6 h",
    citation=f"{UK.version}: {UK.source}; OCPI 2.2.1 statuses as named there",
    frameworks=("SI 2023/1168 reg. 7", "OCPI 2.2.1"),
    inputs=inputs,
    of_sites=False,
    ports=(STATUS, RAPID),
    boundary="charging points of 50 kW and more of the city that tell their status",
)
