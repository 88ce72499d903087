"""Lamps against the real sun: on by day, dark at night.

Street lighting is switched at a few degrees below the horizon. From there to the heights below, neither is wrong: fog,
clouds, trees and photocells that are slow have their time.
"""

from datetime import timedelta
from typing import Final

from ingest.model.alarm import Light, Limit, Rule, Severity

DAY: Final = 5.0  # degrees of the sun above the horizon
NIGHT: Final = -6.0  # the end of civil twilight

RULES: Final = (
    Rule(
        name="lamp_on_by_day",
        title="Lamp on by day",
        severity=Severity.MINOR,
        device_types=("luminaire",),
        measure=Light(sun_above=DAY),
        unit="percent",
        raised=Limit(1.0, timedelta(minutes=30), 3),
        cleared=Limit(0.0, timedelta(minutes=15), 3),
        message="the lamp burns at {value:.0f} percent in daylight",
        rationale="Engineering judgement: at 5 degrees a clear sky gives thousands of lux, streets are lit below 100.",
    ),
    Rule(
        name="lamp_dark_at_night",
        title="Lamp dark at night",
        severity=Severity.MAJOR,
        device_types=("luminaire",),
        measure=Light(sun_below=NIGHT),
        unit="percent",
        raised=Limit(0.0, timedelta(minutes=30), 3),
        cleared=Limit(1.0, timedelta(minutes=15), 3),
        message="the lamp is dark although it is night",
        rationale="Engineering judgement: civil twilight ends at 6 degrees below the horizon. Streets that are "
        "switched off at night declare `enabled: false`.",
    ),
)
