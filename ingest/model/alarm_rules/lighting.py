"""Lamps against the real sun: on by day, dark at night.

Street lighting is switched at a few degrees below the horizon. From there to the heights below, neither is wrong: fog,
clouds, trees and photocells that are slow have their time.
"""

from datetime import timedelta
from functools import partial
from typing import Final

from ingest.model.alarm import Light, Limit, Rule, Severity

DAY: Final = 5.0  # degrees of the sun above the horizon
NIGHT: Final = -6.0  # the end of civil twilight

_of_lamp: Final = partial(Rule, device_types=("luminaire",), unit="percent")

RULES: Final = (
    _of_lamp(
        name="lamp_on_by_day",
        title="Lamp on by day",
        severity=Severity.MINOR,
        measure=Light(sun_above=DAY),
        raised=Limit(1.0, timedelta(minutes=30), 3),
        cleared=Limit(0.0, timedelta(minutes=15), 3),
        message="the lamp burns at {value:.0f} percent in daylight",
        rationale="Engineering judgement: at 5 degrees a clear sky gives thousands of lux, streets are lit below 100.",
        remedy="Whether somebody works there with the lamps on; then the clock or photocell of the cabinet, and a "
        "manual switch that was left on.",
    ),
    _of_lamp(
        name="lamp_dark_at_night",
        title="Lamp dark at night",
        severity=Severity.MAJOR,
        measure=Light(sun_below=NIGHT),
        raised=Limit(0.0, timedelta(minutes=30), 3),
        cleared=Limit(1.0, timedelta(minutes=15), 3),
        message="the lamp is dark although it is night",
        rationale="Engineering judgement: civil twilight ends at 6 degrees below the horizon. Streets that are "
        "switched off at night declare `enabled: false`.",
        remedy="Its neighbours: if they are dark as well, fuse and contactor of the cabinet; if not, lamp and driver. "
        "Whether the street is switched off by plan.",
    ),
)
