"""Failure rate of street lighting [%]: of all luminaires, those that failed in the period."""

from dataclasses import replace
from typing import Final

from ingest.model.calendar import Period
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
    unknown_lamps,
)
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.lamp_policies import CIVIL_TWILIGHT
from kpi_engine.indicator import Better, Outcome

UNSURE: Final = "whether it failed is not known"


def compute(inputs: LampInputs) -> Outcome:
    """Return distinct luminaires that failed over those of which something is known."""
    lamps = [one for one in inputs.lamps if one.night_h > 0.0]
    if not lamps:
        return Outcome(None, 1.0 if inputs.lamps else 0.0, None, NO_NIGHT if inputs.lamps else NO_LAMP)
    failed = sum(one.has_failed for one in lamps)
    unsure = [one.device for one in lamps if one.may_have_failed]
    known = [one for one in lamps if one.lit_night_h + one.dark_night_h > 0.0]
    value = failed / len(known) if known else None
    found = Bounded(value, failed / len(lamps), (failed + len(unsure)) / len(lamps)).with_value(value).scaled(PERCENT)
    why = unknown_lamps(unsure, UNSURE) or (None if known else "it is not known of any night hour who was lit")
    return replace(Outcome.of(found, night_known(lamps), reason=why), scale=PERCENT)


INDICATOR: Final = lamp_indicator(
    name="lighting_failure_rate",
    title="Luminaires that failed",
    unit="%",
    definition="Of all luminaires that tell whether they are lit, those that failed in the period [%], each once. "
    f"A luminaire has failed that was dark in {CIVIL_TWILIGHT.failed_from:g} or more hours of night in a row, by what "
    f"is known of it. {POLICY} One of which too little is known may have failed, and widens the bounds.",
    formula="f = luminaires that failed / luminaires of which something is known",
    citation=f"Failure rate as distinct failed over installed, of lamps monitored as in TALQ (recalled); {CITATION}",
    better=Better.LOWER,
    boundary=NIGHT,
    compute=compute,
    periods=(Period.MONTH, Period.YEAR),
)
