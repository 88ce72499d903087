"""Heating degree days, base 17 degC [K.d], from the mean outdoor temperatures of civil days."""

from functools import partial
from typing import Final

from kpi_engine.families.outdoor_days import DEFINITION, degree_day_indicator, sum_over_days
from kpi_engine.formulas.degree_day_sums import heating
from kpi_engine.formulas.degree_days import DEGREE_DAYS

INDICATOR: Final = degree_day_indicator(
    name="heating_degree_days_base_17",
    title="Heating degree days, base 17 degC",
    definition="Heating degree days [K.d] of base 17 degC, the Danish graddage: a civil day whose mean outdoor "
    "temperature Tm is below 17 degC counts 17 - Tm, in summer as well. " + DEFINITION,
    formula="HDD17 = sum over days of max(17 - Tm, 0)",
    citation="Danish graddage, base 17 degC (recalled)",
    frameworks=("graddage",),
    compute=sum_over_days(partial(heating, DEGREE_DAYS["graddage"])),
)
