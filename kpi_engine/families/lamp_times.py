"""Lamps against the sun, summed over all of a subject: hours of night and of day in which they were lit or dark.

Hours that are not known may have been either, and widen the bounds; the value is that of what is known.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import fsum
from typing import Final

from pydantic import Field

from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.families.luminaires import LUMINAIRES
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.lamp_policies import CIVIL_TWILIGHT
from kpi_engine.formulas.time_share import covered, time_share
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome
from kpi_engine.ports.lamps import Lamps, LampTime
from kpi_engine.window import Window

PERCENT: Final = 100.0
Hours3 = tuple[float, float, float]
LAMPS: Final = Lamps(CIVIL_TWILIGHT, LUMINAIRES)
NO_LAMP: Final = Sentence("no luminaire that tells whether it is lit is registered for this period").of()
NO_NIGHT: Final = Sentence("no luminaire has an hour of night in this period that is judged").of()
NO_DAY: Final = Sentence("no luminaire has an hour of day in this period that is judged").of()
_NAMED: Final = 3

POLICY: Final = (
    f"By the policy {CIVIL_TWILIGHT.name}, version {CIVIL_TWILIGHT.version}, an hour is night where the sun stands "
    f"more than {-CIVIL_TWILIGHT.night:g} degrees below the horizon for all of it, and day where it stands more than "
    f"{CIVIL_TWILIGHT.day:g} degrees above; in between, neither a lit lamp nor a dark one is wrong. A luminaire is lit "
    "in an hour in which it gave light for most of it: by its power, else its dimming level, else its burning hours. A "
    "luminaire has no hours of night where the city file switches its alarm lamp_dark_at_night off, for a street that "
    "is not lit all night, and none of day without the alarm lamp_on_by_day."
)
NIGHT: Final = "luminaires that tell power, dimming level or burning hours; hours that are night as a whole"
CITATION: Final = "position of the sun by astral 3.2; the thresholds are engineering judgement, as those of the alarms"


class LampInputs(Inputs):
    """What each luminaire did in the hours of night and of day by ``policy``, and the period in seconds."""

    lamps: tuple[LampTime, ...]
    seconds: float = Field(ge=1e-6, le=LONGEST)
    policy: str = f"{CIVIL_TWILIGHT.name} {CIVIL_TWILIGHT.version}"


def inputs(window: Window) -> LampInputs:
    """Select the luminaires of the window."""
    return LampInputs(lamps=window.given(LAMPS), seconds=window.seconds)


def night_known(lamps: Sequence[LampTime]) -> float:
    """Return the share of night hours of which it is known what lamps did."""
    return covered([one.lit_night_h + one.dark_night_h for one in lamps], [one.night_h for one in lamps])


def per_luminaire(inputs: LampInputs, hours: Sequence[Hours3], empty: str) -> Outcome:
    """Return the mean over the luminaires that are judged, each by its share of the period, of hours in one state [h].

    ``hours``: of each luminaire those in the state, those in the other one, and all. The bounds are held against all,
    as for a share of them. ``empty``: why there may be none.
    """
    if not inputs.lamps:
        return Outcome(None, 0.0, None, NO_LAMP)
    within, other, whole = (fsum(column) for column in zip(*hours, strict=True))
    if whole <= 0.0:
        return Outcome(None, 1.0, None, empty)
    observed = fsum(one.seconds for one, (_, _, of_it) in zip(inputs.lamps, hours, strict=True) if of_it > 0.0)
    each, known = whole * inputs.seconds / observed, within + other
    found = time_share(within, known, whole).scaled(each)
    outcome = Outcome.of(found, covered([known], [whole]), reason=unknown_hours(whole - known, whole))
    return replace(outcome, scale=each)


def unknown_hours(unknown: float, hours: float) -> str | None:
    """Say of how many hours it is not known what lamps did."""
    told = Sentence("it is not known of {unknown} of {all} lamp hours whether they were lit")
    return told.of(unknown=f"{unknown:g}", all=f"{hours:g}") if unknown > 1e-6 else None


def unknown_lamps(names: Sequence[str], what: str) -> str | None:
    """Say of which lamps something is not known."""
    return first_of([f"{name}: {what}" for name in names], _NAMED, "; ") or None


def mean_of(parts: Sequence[Bounded]) -> Bounded:
    """Return the mean of lengths with its bounds."""
    lower, upper = (fsum(getattr(one, side) for one in parts) / len(parts) for side in ("lower", "upper"))
    value = fsum(one.value or 0.0 for one in parts) / len(parts)
    return Bounded(value, lower, upper).with_value(value)


lamp_indicator: Final = partial(
    Indicator,
    frameworks=("TALQ",),
    inputs_model=LampInputs,
    inputs=inputs,
    interval="hour",
    ports=(LAMPS,),
)
"""What indicators of lamps against the sun share."""

lamp_hours_indicator: Final = partial(lamp_indicator, unit="h", better=Better.LOWER)
"""What hours of lamps that should not be share."""
