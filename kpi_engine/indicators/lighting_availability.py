"""Availability of street lighting [%]: of the hours of night, those in which luminaires were lit."""

from math import fsum
from typing import Final

from kpi_engine.families.lamp_times import (
    CITATION,
    NIGHT,
    NO_LAMP,
    NO_NIGHT,
    PERCENT,
    POLICY,
    LampInputs,
    lamp_indicator,
    night_known,
    unknown_hours,
)
from kpi_engine.formulas.time_share import time_share
from kpi_engine.indicator import Better, Months, Outcome


def compute(inputs: LampInputs) -> Outcome:
    """Return lit hours over hours of night, sum over sum."""
    lamps = inputs.lamps
    night, lit = fsum(one.night_h for one in lamps), fsum(one.lit_night_h for one in lamps)
    known = lit + fsum(one.dark_night_h for one in lamps)
    if night <= 0.0:
        return Outcome(None, 1.0 if lamps else 0.0, None, NO_NIGHT if lamps else NO_LAMP)
    found = time_share(lit, known, night).scaled(PERCENT)
    return Outcome.of(found, night_known(lamps), reason=unknown_hours(night - known, night))


INDICATOR: Final = lamp_indicator(
    name="lighting_availability",
    title="Availability of street lighting",
    unit="%",
    definition="Of the hours of night, those in which luminaires were lit [%], over all luminaires that tell it. "
    f"{POLICY}",
    formula="a = sum over luminaires of lit hours of night / sum over luminaires of hours of night",
    citation=f"Availability as lit hours over scheduled ones, of lamps monitored as in TALQ (recalled); {CITATION}",
    better=Better.HIGHER,
    boundary=NIGHT,
    compute=compute,
    months=Months.SIDE_BY_SIDE,
)
