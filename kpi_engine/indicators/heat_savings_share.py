"""Heat savings [%]: what a site avoided against its fitted baseline, over what it would have taken."""

from typing import Final

from kpi_engine.families.avoided_energy import avoided_indicator, avoided_inputs, avoided_share, days_of
from kpi_engine.indicator import Months, StatusLimits
from kpi_engine.ports.model import Model

HEAT: Final = days_of("heat_delivered")
BASELINE: Final = Model("heat_delivered")

INDICATOR: Final = avoided_indicator(
    name="heat_savings_share",
    title="Heat savings against the baseline",
    unit="%",
    definition="Heat that a site or group avoided since its measure over what it would have taken without it [%]: "
    "heat_avoided over the adjusted baseline of the same days, negative where it took more. Which days count, and of "
    "which sites, is as for heat_avoided. A month is that month's savings and says nothing of a year.",
    formula="ES = 1 - sum over days of heat_delivered / sum over days of (model(temperature) + adjustments)",
    citation="SCIS KPI Guide v2.0, 2.1.2, ES_T = 1 - TE_C / ER_T (formula recalled); IPMVP (recalled)",
    frameworks=("SCIS 2.1.2", "IPMVP"),
    boundary="As the baseline declares it; heat at the meters of heat_delivered",
    limits=StatusLimits(reason="a difference: its width is held against the whole baseline"),
    months=Months.SIDE_BY_SIDE,
    inputs=lambda window: avoided_inputs(window, HEAT, BASELINE),
    compute=avoided_share,
    ports=(HEAT, BASELINE),
)
