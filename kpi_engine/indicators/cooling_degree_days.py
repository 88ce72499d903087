"""Cooling degree days, Eurostat [K.d], from the mean outdoor temperatures of civil days."""

from functools import partial
from typing import Final

from kpi_engine.families.outdoor_days import DEFINITION, degree_day_indicator, sum_over_days
from kpi_engine.formulas.degree_day_sums import cooling
from kpi_engine.formulas.degree_days import DEGREE_DAYS

INDICATOR: Final = degree_day_indicator(
    name="cooling_degree_days",
    title="Cooling degree days, Eurostat",
    definition="Cooling degree days [K.d] by the rule of Eurostat: a civil day whose mean outdoor temperature Tm is "
    "at least 24 degC counts Tm - 21, any other one nothing. " + DEFINITION,
    formula="CDD = sum over days of (Tm - 21 where Tm >= 24 degC, else 0)",
    citation="Eurostat and JRC, nrg_chdd: read in files that quote its metadata, not at the source",
    frameworks=("Eurostat nrg_chdd",),
    compute=sum_over_days(partial(cooling, DEGREE_DAYS["eurostat"])),
)
