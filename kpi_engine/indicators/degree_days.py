"""Heating and cooling degree days [K.d], each from the mean outdoor temperatures of civil days."""

from functools import partial
from typing import Final

from kpi_engine.families.outdoor_days import DEFINITION, degree_day_indicator, sum_over_days
from kpi_engine.formulas.degree_day_sums import cooling, heating
from kpi_engine.formulas.degree_days import DEGREE_DAYS

INDICATORS: Final = (
    degree_day_indicator(
        name="heating_degree_days",
        title="Heating degree days, Eurostat",
        definition="Heating degree days [K.d] by the rule of Eurostat: a civil day whose mean outdoor temperature Tm "
        "is at most 15 degC counts 18 - Tm, any other one nothing. " + DEFINITION,
        formula="HDD = sum over days of (18 - Tm where Tm <= 15 degC, else 0)",
        citation="Eurostat and JRC, nrg_chdd: read in files that quote its metadata, not at the source",
        frameworks=("Eurostat nrg_chdd",),
        compute=sum_over_days(partial(heating, DEGREE_DAYS["eurostat"])),
    ),
    degree_day_indicator(
        name="heating_degree_days_base_17",
        title="Heating degree days, base 17 degC",
        definition="Heating degree days [K.d] of base 17 degC, the Danish graddage: a civil day whose mean outdoor "
        "temperature Tm is below 17 degC counts 17 - Tm, in summer as well. " + DEFINITION,
        formula="HDD17 = sum over days of max(17 - Tm, 0)",
        citation="Danish graddage, base 17 degC (recalled)",
        frameworks=("graddage",),
        compute=sum_over_days(partial(heating, DEGREE_DAYS["graddage"])),
    ),
    degree_day_indicator(
        name="heating_degree_days_base_18",
        title="Heating degree days, base 18 degC",
        definition="Heating degree days [K.d] of base 18 degC without a threshold, as Statistics Netherlands has "
        "them: a civil day whose mean outdoor temperature Tm is below 18 degC counts 18 - Tm. " + DEFINITION,
        formula="HDD18 = sum over days of max(18 - Tm, 0)",
        citation="Statistics Netherlands (CBS), degree days of base 18 degC (recalled)",
        frameworks=("CBS degree days",),
        compute=sum_over_days(partial(heating, DEGREE_DAYS["cbs"])),
    ),
    degree_day_indicator(
        name="heating_degree_days_eea",
        title="Heating degree days, base 15.5 degC",
        definition="Heating degree days [K.d] of base 15.5 degC: a civil day whose mean outdoor temperature Tm is "
        "below 15.5 degC counts 15.5 - Tm. The EEA weighs the extremes of a day as well; this is of its mean. "
        + DEFINITION,
        formula="HDD15.5 = sum over days of max(15.5 - Tm, 0)",
        citation="EEA, heating and cooling degree days (bases read, of the mean recalled)",
        frameworks=("EEA degree days",),
        compute=sum_over_days(partial(heating, DEGREE_DAYS["eea"])),
    ),
    degree_day_indicator(
        name="cooling_degree_days",
        title="Cooling degree days, Eurostat",
        definition="Cooling degree days [K.d] by the rule of Eurostat: a civil day whose mean outdoor temperature Tm "
        "is at least 24 degC counts Tm - 21, any other one nothing. " + DEFINITION,
        formula="CDD = sum over days of (Tm - 21 where Tm >= 24 degC, else 0)",
        citation="Eurostat and JRC, nrg_chdd: read in files that quote its metadata, not at the source",
        frameworks=("Eurostat nrg_chdd",),
        compute=sum_over_days(partial(cooling, DEGREE_DAYS["eurostat"])),
    ),
    degree_day_indicator(
        name="cooling_degree_days_eea",
        title="Cooling degree days, base 22 degC",
        definition="Cooling degree days [K.d] of base 22 degC: a civil day whose mean outdoor temperature Tm is "
        "above 22 degC counts Tm - 22. The EEA weighs the extremes of a day as well; this is of its mean. "
        + DEFINITION,
        formula="CDD22 = sum over days of max(Tm - 22, 0)",
        citation="EEA, heating and cooling degree days (bases read, of the mean recalled)",
        frameworks=("EEA degree days",),
        compute=sum_over_days(partial(cooling, DEGREE_DAYS["eea"])),
    ),
)
