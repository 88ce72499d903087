"""Hours of street lighting [h]: dark at night, and lit by day."""

from typing import Final

from kpi_engine.families.lamp_times import (
    CITATION,
    NIGHT,
    NO_DAY,
    NO_NIGHT,
    POLICY,
    LampInputs,
    lamp_hours_indicator,
    per_luminaire,
)
from kpi_engine.indicator import Outcome


def dark_by_night(inputs: LampInputs) -> Outcome:
    """Return dark hours of night over luminaires."""
    hours = [(one.dark_night_h, one.lit_night_h, one.night_h) for one in inputs.lamps]
    return per_luminaire(inputs, hours, NO_NIGHT)


def lit_by_day(inputs: LampInputs) -> Outcome:
    """Return lit hours of day over luminaires."""
    hours = [(one.lit_day_h, one.dark_day_h, one.day_h) for one in inputs.lamps]
    return per_luminaire(inputs, hours, NO_DAY)


INDICATORS: Final = (
    lamp_hours_indicator(
        name="lighting_dark_hours",
        title="Dark hours at night per luminaire",
        definition="Hours of night in which a luminaire was dark [h]: the mean over the luminaires that tell it. "
        f"{POLICY} One that stood for a part of the "
        "period counts as that part. Bounds are held against the hours of night, as those of lighting_availability "
        "are.",
        formula="h = sum over luminaires of dark hours of night / luminaires, each by its share of the period",
        citation=f"Dark at night as a fault of lamps monitored as in TALQ (recalled); {CITATION}",
        boundary=NIGHT,
        compute=dark_by_night,
    ),
    lamp_hours_indicator(
        name="lighting_day_burning_hours",
        title="Burning hours by day per luminaire",
        definition="Hours of day in which a luminaire was lit [h]: the mean over the luminaires that tell it. "
        f"{POLICY} One that stood for a part of the period counts as that part. Bounds are held against the hours of "
        "day.",
        formula="h = sum over luminaires of lit hours of day / luminaires, each by its share of the period",
        citation=f"Day burners as a fault of lamps monitored as in TALQ (recalled); {CITATION}",
        boundary="luminaires that tell power, dimming level or burning hours; hours that are day as a whole",
        compute=lit_by_day,
    ),
)
