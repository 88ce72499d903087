"""Mean time to repair of street lighting [h]: for how long luminaires that failed stayed dark."""

from typing import Final

from ingest.model.calendar import Period
from ingest.model.sentences import Sentence
from kpi_engine.families.lamp_times import (
    CITATION,
    NO_LAMP,
    POLICY,
    LampInputs,
    lamp_hours_indicator,
    mean_of,
    night_known,
)
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.lamp_policies import CIVIL_TWILIGHT
from kpi_engine.indicator import Outcome

HOUR_SECONDS: Final = 3600.0
NONE: Final = Sentence("no luminaire failed and was lit again in this period").of()


def compute(inputs: LampInputs) -> Outcome:
    """Return the mean length of the spells that began and ended in the period."""
    share = night_known(inputs.lamps)
    spells = [Bounded(one.hours, one.lower, one.upper) for lamp in inputs.lamps for one in lamp.repairs]
    cut = sum(one.cut for one in inputs.lamps)
    unsure = sum(one.may_have_failed for one in inputs.lamps)
    why = [
        f"{cut} more began before the period, or have not ended in it" if cut else None,
        f"whether {unsure} more luminaires failed is not known" if unsure else None,
    ]
    if not spells:
        return Outcome(None, share, None, "; ".join(filter(None, [NONE if inputs.lamps else NO_LAMP, *why])))
    found = _with_unseen(mean_of(spells), len(spells), unsure, inputs.seconds / HOUR_SECONDS)
    return Outcome.of(found, share, reason="; ".join(filter(None, why)) or None)


def _with_unseen(mean: Bounded, count: int, unsure: int, hours: float) -> Bounded:
    """Return the mean where ``unsure`` more lamps may have been dark, each as short as counts or all the time."""
    if not unsure:
        return mean
    most = (mean.upper * count + hours * unsure) / (count + unsure)
    return Bounded(mean.value, min(mean.lower, CIVIL_TWILIGHT.failed_from), max(mean.upper, most))


INDICATOR: Final = lamp_hours_indicator(
    name="lighting_time_to_repair",
    title="Time to repair of luminaires",
    definition="For how long luminaires that failed stayed dark [h]: from the first dark hour of night until the "
    "next hour of night in which it is lit, days in between included; the mean over all such spells that "
    "began and ended in the period. Spells over an edge of the period are counted in words and not in the "
    "mean, so a month tells of short ones rather than of long ones, and a year is to be preferred. A "
    "luminaire of which it is not known whether it failed widens the bounds. A luminaire has failed that "
    f"was dark in {CIVIL_TWILIGHT.failed_from:g} or more hours of night in a row. {POLICY}",
    formula="t = sum over spells of (lit again - first dark) / spells",
    citation=f"Mean time to repair, of lamps monitored as in TALQ (recalled); {CITATION}",
    boundary="luminaires that tell power, dimming level or burning hours; failures that anybody could see at night",
    compute=compute,
    periods=(Period.MONTH, Period.YEAR),
    own_rules="2",  # 1: luminaires of which nobody knows whether they failed did not widen the bounds
)
