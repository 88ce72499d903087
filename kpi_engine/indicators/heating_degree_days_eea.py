"""Heating degree days, base 15.5 degC [K.d], from the mean outdoor temperatures of civil days."""

from functools import partial
from typing import Final

from kpi_engine.families.outdoor_days import DEFINITION, degree_day_indicator, sum_over_days
from kpi_engine.formulas.degree_day_sums import heating
from kpi_engine.formulas.degree_days import DEGREE_DAYS

INDICATOR: Final = degree_day_indicator(
    name="heating_degree_days_eea",
    title="Heating degree days, base 15.5 degC",
    definition="Heating degree days [K.d] of base 15.5 degC: a civil day whose mean outdoor temperature Tm is "
    "below 15.5 degC counts 15.5 - Tm. The EEA weighs the extremes of a day as well; this is of its mean. "
    + DEFINITION,
    formula="HDD15.5 = sum over days of max(15.5 - Tm, 0)",
    citation="EEA, heating and cooling degree days (bases read, of the mean recalled)",
    frameworks=("EEA degree days",),
    compute=sum_over_days(partial(heating, DEGREE_DAYS["eea"])),
)
