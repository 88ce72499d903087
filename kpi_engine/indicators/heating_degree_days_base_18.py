"""Heating degree days, base 18 degC [K.d], from the mean outdoor temperatures of civil days."""

from functools import partial
from typing import Final

from kpi_engine.families.outdoor_days import DEFINITION, degree_day_indicator, sum_over_days
from kpi_engine.formulas.degree_day_sums import heating
from kpi_engine.formulas.degree_days import DEGREE_DAYS

INDICATOR: Final = degree_day_indicator(
    name="heating_degree_days_base_18",
    title="Heating degree days, base 18 degC",
    definition="Heating degree days [K.d] of base 18 degC without a threshold, as Statistics Netherlands has "
    "them: a civil day whose mean outdoor temperature Tm is below 18 degC counts 18 - Tm. " + DEFINITION,
    formula="HDD18 = sum over days of max(18 - Tm, 0)",
    citation="Statistics Netherlands (CBS), degree days of base 18 degC (recalled)",
    frameworks=("CBS degree days",),
    compute=sum_over_days(partial(heating, DEGREE_DAYS["cbs"])),
)
