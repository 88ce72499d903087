"""Lamps against the sun, summed over all of a subject: hours of night and of day in which they were lit or dark.

Hours that are not known may have been either, and widen the bounds; the value is that of what is known.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import fsum
from typing import Final

from pydantic import Field

from ingest.wording import first_of
from kpi_engine.amounts import LONGEST
from kpi_engine.bounded import Bounded
from kpi_engine.formulas.time_share import covered, time_share
from kpi_engine.indicator import Inputs, Outcome
from kpi_engine.lamp_policies import CIVIL_TWILIGHT
from kpi_engine.luminaires import LUMINAIRES
from kpi_engine.ports.lamps import Lamps, LampTime
from kpi_engine.window import Window

PERCENT: Final = 100.0
LAMPS: Final = Lamps(CIVIL_TWILIGHT, LUMINAIRES)
NO_LAMP: Final = "no luminaire that tells whether it is lit is registered for this period"
NO_NIGHT: Final = "no hour of this period is night by the policy"
NO_DAY: Final = "no hour of this period is day by the policy"
_NAMED: Final = 3

POLICY: Final = (
    f"By the policy {CIVIL_TWILIGHT.name}, version {CIVIL_TWILIGHT.version}, an hour is night where the sun stands "
    f"more than {-CIVIL_TWILIGHT.night:g} degrees below the horizon for all of it, and day where it stands more than "
    f"{CIVIL_TWILIGHT.day:g} degrees above; in between, neither a lit lamp nor a dark one is wrong. A luminaire is lit "
    "in an hour in which it gave light for most of it: by its power, else its dimming level, else its burning hours."
)
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


def per_luminaire(inputs: LampInputs, within: float, known: float, hours: float, empty: str) -> Outcome:
    """Return the mean over luminaires, each by its share of the period, of what of ``hours`` lies ``within`` [h].

    ``hours`` are what its bounds are held against, as for a share of them. ``empty``: why there may be none.
    """
    if not inputs.lamps:
        return Outcome(None, 0.0, None, NO_LAMP)
    if hours <= 0.0:
        return Outcome(None, 1.0, None, empty)
    luminaires = fsum(one.seconds for one in inputs.lamps) / inputs.seconds
    found = time_share(within, known, hours).scaled(hours / luminaires)
    why = unknown_hours(hours - known, hours)
    return replace(Outcome.of(found, covered([known], [hours]), reason=why), scale=hours / luminaires)


def unknown_hours(unknown: float, hours: float) -> str | None:
    """Say of how many hours it is not known what lamps did."""
    return f"it is not known of {unknown:g} of {hours:g} lamp hours whether they were lit" if unknown > 1e-6 else None


def unknown_lamps(names: Sequence[str], what: str) -> str | None:
    """Say of which lamps something is not known."""
    return first_of([f"{name}: {what}" for name in names], _NAMED, "; ") or None


def mean_of(parts: Sequence[Bounded]) -> Bounded:
    """Return the mean of lengths with its bounds."""
    lower, upper = (fsum(getattr(one, side) for one in parts) / len(parts) for side in ("lower", "upper"))
    value = fsum(one.value or 0.0 for one in parts) / len(parts)
    return Bounded(value, lower, upper).with_value(value)
