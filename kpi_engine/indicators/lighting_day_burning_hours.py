"""Day burning hours [h]: how long a luminaire was lit by day, as the mean over luminaires."""

from typing import Final

from kpi_engine.families.lamp_times import CITATION, NO_DAY, POLICY, LampInputs, lamp_hours_indicator, per_luminaire
from kpi_engine.indicator import Outcome


def compute(inputs: LampInputs) -> Outcome:
    """Return lit hours of day over luminaires."""
    hours = [(one.lit_day_h, one.dark_day_h, one.day_h) for one in inputs.lamps]
    return per_luminaire(inputs, hours, NO_DAY)


INDICATOR: Final = lamp_hours_indicator(
    name="lighting_day_burning_hours",
    title="Burning hours by day per luminaire",
    definition="Hours of day in which a luminaire was lit [h]: the mean over the luminaires that tell it. "
    f"{POLICY} One that stood for a part of the period counts as that part. Bounds are held against the hours of day.",
    formula="h = sum over luminaires of lit hours of day / luminaires, each by its share of the period",
    citation=f"Day burners as a fault of lamps monitored as in TALQ (recalled); {CITATION}",
    boundary="luminaires that tell power, dimming level or burning hours; hours that are day as a whole",
    compute=compute,
)
