"""Heat that measures avoid against their baselines [kWh, %]."""

from typing import Final

from kpi_engine.baselines.avoided import LIMITS
from kpi_engine.families.avoided_energy import avoided, avoided_indicator, avoided_inputs, avoided_share, days_of
from kpi_engine.indicator import Months, StatusLimits
from kpi_engine.ports.model import Model

HEAT: Final = days_of("heat_delivered")
BASELINE: Final = Model("heat_delivered")

INDICATORS: Final = (
    avoided_indicator(
        name="heat_avoided",
        title="Heat avoided against the baseline",
        unit="kWh",
        compute=avoided,
        limits=LIMITS,
        months=Months.ADD_UP,
        definition="Heat that a site or group avoided since its measure [kWh]: what the fitted model of its baseline "
        "predicts for the temperatures of the days, plus the non-routine adjustments that hold, less heat_delivered of "
        "the same days. Of sites and groups that declare a baseline measured by heat_delivered (baselines in the city "
        "file; of several the first one), from its reporting_from on. A day of which heat or temperature is not known "
        "counts on neither side, and of less than 90 % of the days there is no sum; a part of a year is never scaled "
        "to a year. The bounds are those of the model at the declared confidence, of the measured heat, and of the "
        "days that the model was fitted to. A new fit, an adjustment and a late reading each make a revision and are "
        "named as its cause.",
        formula="avoided = sum over days of (model(temperature) + adjustments - heat_delivered)",
        citation="IPMVP, avoided energy (recalled); CalTRACK 2.0, 3.5 and 4.3.2 (read)",
        frameworks=("IPMVP", "CalTRACK 2.0", "SCIS 2.1.2"),
        boundary="As the baseline declares it; heat at the meters of heat_delivered",
        inputs=lambda window: avoided_inputs(window, HEAT, BASELINE),
        ports=(HEAT, BASELINE),
    ),
    avoided_indicator(
        name="heat_savings_share",
        title="Heat savings against the baseline",
        unit="%",
        definition="Heat that a site or group avoided since its measure over what it would have taken without it [%]: "
        "heat_avoided over the adjusted baseline of the same days, negative where it took more. Which days count, and "
        "of which sites, is as for heat_avoided. A month is that month's savings and says nothing of a year.",
        formula="ES = 1 - sum over days of heat_delivered / sum over days of (model(temperature) + adjustments)",
        citation="SCIS KPI Guide v2.0, 2.1.2, ES_T = 1 - TE_C / ER_T (formula recalled); IPMVP (recalled)",
        frameworks=("SCIS 2.1.2", "IPMVP"),
        boundary="As the baseline declares it; heat at the meters of heat_delivered",
        limits=StatusLimits(reason="a difference: its width is held against the whole baseline"),
        months=Months.SIDE_BY_SIDE,
        inputs=lambda window: avoided_inputs(window, HEAT, BASELINE),
        compute=avoided_share,
        ports=(HEAT, BASELINE),
    ),
)
