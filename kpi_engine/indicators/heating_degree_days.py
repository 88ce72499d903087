"""Heating degree days, Eurostat [K.d], from the mean outdoor temperatures of civil days."""

from functools import partial
from typing import Final

from kpi_engine.families.outdoor_days import DEFINITION, degree_day_indicator, sum_over_days
from kpi_engine.formulas.degree_day_sums import heating
from kpi_engine.formulas.degree_days import DEGREE_DAYS

INDICATOR: Final = degree_day_indicator(
    name="heating_degree_days",
    title="Heating degree days, Eurostat",
    definition="Heating degree days [K.d] by the rule of Eurostat: a civil day whose mean outdoor temperature Tm is "
    "at most 15 degC counts 18 - Tm, any other one nothing. " + DEFINITION,
    formula="HDD = sum over days of (18 - Tm where Tm <= 15 degC, else 0)",
    citation="Eurostat and JRC, nrg_chdd: read in files that quote its metadata, not at the source",
    frameworks=("Eurostat nrg_chdd",),
    compute=sum_over_days(partial(heating, DEGREE_DAYS["eurostat"])),
)
