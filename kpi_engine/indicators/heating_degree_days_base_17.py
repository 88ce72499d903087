"""Heating degree days, base 17 degC [K.d], from the mean outdoor temperatures of civil days."""

from functools import partial
from typing import Final

from kpi_engine.formulas.degree_day_sums import heating
from kpi_engine.formulas.degree_days import DEGREE_DAYS
from kpi_engine.indicator import Indicator, Outcome
from kpi_engine.outdoor_days import BOUNDARY, DEFINITION, LIMITS, OUTDOORS, OutdoorDays, outcome, outdoor_days


def compute(inputs: OutdoorDays) -> Outcome:
    """Return the sum over days."""
    return outcome(partial(heating, DEGREE_DAYS["graddage"]), inputs)


INDICATOR: Final = Indicator(
    name="heating_degree_days_base_17",
    title="Heating degree days, base 17 degC",
    unit="K.d",
    definition="Heating degree days [K.d] of base 17 degC, the Danish graddage: a civil day whose mean outdoor "
    "temperature Tm is below 17 degC counts 17 - Tm, in summer as well. " + DEFINITION,
    formula="HDD17 = sum over days of max(17 - Tm, 0)",
    citation="Danish graddage, base 17 degC (recalled)",
    frameworks=("graddage",),
    boundary=BOUNDARY,
    interval="day",
    inputs_model=OutdoorDays,
    inputs=outdoor_days,
    compute=compute,
    of_sites=False,
    limits=LIMITS,
    ports=(OUTDOORS,),
)
