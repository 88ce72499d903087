"""Cooling degree days, base 22 degC [K.d], from the mean outdoor temperatures of civil days."""

from functools import partial
from typing import Final

from kpi_engine.families.outdoor_days import DEFINITION, degree_day_indicator, sum_over_days
from kpi_engine.formulas.degree_day_sums import cooling
from kpi_engine.formulas.degree_days import DEGREE_DAYS

INDICATOR: Final = degree_day_indicator(
    name="cooling_degree_days_eea",
    title="Cooling degree days, base 22 degC",
    definition="Cooling degree days [K.d] of base 22 degC: a civil day whose mean outdoor temperature Tm is "
    "above 22 degC counts Tm - 22. The EEA weighs the extremes of a day as well; this is of its mean. " + DEFINITION,
    formula="CDD22 = sum over days of max(Tm - 22, 0)",
    citation="EEA, heating and cooling degree days (bases read, of the mean recalled)",
    frameworks=("EEA degree days",),
    compute=sum_over_days(partial(cooling, DEGREE_DAYS["eea"])),
)
