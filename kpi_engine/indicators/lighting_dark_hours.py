"""Dark hours [h]: how long a luminaire was dark at night, as the mean over luminaires."""

from typing import Final

from kpi_engine.families.lamp_times import (
    CITATION,
    NIGHT,
    NO_NIGHT,
    POLICY,
    LampInputs,
    lamp_hours_indicator,
    per_luminaire,
)
from kpi_engine.indicator import Outcome


def compute(inputs: LampInputs) -> Outcome:
    """Return dark hours of night over luminaires."""
    hours = [(one.dark_night_h, one.lit_night_h, one.night_h) for one in inputs.lamps]
    return per_luminaire(inputs, hours, NO_NIGHT)


INDICATOR: Final = lamp_hours_indicator(
    name="lighting_dark_hours",
    title="Dark hours at night per luminaire",
    definition="Hours of night in which a luminaire was dark [h]: the mean over the luminaires that tell it. "
    f"{POLICY} One that stood for a part of the "
    "period counts as that part. Bounds are held against the hours of night, as those of lighting_availability are.",
    formula="h = sum over luminaires of dark hours of night / luminaires, each by its share of the period",
    citation=f"Dark at night as a fault of lamps monitored as in TALQ (recalled); {CITATION}",
    boundary=NIGHT,
    compute=compute,
)
