"""Heating degree days, Eurostat [K.d], from the mean outdoor temperatures of civil days."""

from functools import partial
from typing import Final

from kpi_engine.formulas.degree_day_sums import heating
from kpi_engine.formulas.degree_days import DEGREE_DAYS
from kpi_engine.indicator import Indicator, Outcome
from kpi_engine.outdoor_days import BOUNDARY, DEFINITION, LIMITS, OUTDOORS, OutdoorDays, outcome, outdoor_days


def compute(inputs: OutdoorDays) -> Outcome:
    """Return the sum over days."""
    return outcome(partial(heating, DEGREE_DAYS["eurostat"]), inputs)


INDICATOR: Final = Indicator(
    name="heating_degree_days",
    title="Heating degree days, Eurostat",
    unit="K.d",
    definition="Heating degree days [K.d] by the rule of Eurostat: a civil day whose mean outdoor temperature Tm is "
    "at most 15 degC counts 18 - Tm, any other one nothing. " + DEFINITION,
    formula="HDD = sum over days of (18 - Tm where Tm <= 15 degC, else 0)",
    citation="Eurostat and JRC, nrg_chdd: read in files that quote its metadata, not at the source",
    frameworks=("Eurostat nrg_chdd",),
    boundary=BOUNDARY,
    interval="day",
    inputs_model=OutdoorDays,
    inputs=outdoor_days,
    compute=compute,
    of_sites=False,
    limits=LIMITS,
    ports=(OUTDOORS,),
)
