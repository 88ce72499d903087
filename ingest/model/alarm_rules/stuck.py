"""Sensors that read the same for too long, of quantities that must move."""

from typing import Final

from ingest.model.alarm import Limit, Rule, Severity, Unmoved


def _stuck(quantity: str, title: str, hours: float, reason: str) -> Rule:
    return Rule(
        name=f"{quantity}_stuck",
        title=title,
        severity=Severity.MINOR,
        device_types=(),
        measure=Unmoved(quantity),
        unit="h",
        raised=Limit(hours),
        cleared=Limit(0.0),
        message="the reading has not moved for {value:.1f} h; {threshold:g} h are allowed",
        rationale=f"Engineering judgement: {reason}",
        remedy="Whether the device repeats an old value, as some do when their sensor fails; then the sensor and its "
        "cable. Its readings are flagged as stuck and still used.",
    )


RULES: Final = (
    _stuck("outdoor_temperature", "Outdoor temperature stuck", 6.0, "sun and wind move it by 0.1 in an hour."),
    _stuck("wind_speed", "Wind speed stuck", 24.0, "calm may last a night, ice on a sensor lasts longer."),
    _stuck("indoor_temperature", "Indoor temperature stuck", 24.0, "a day moves every room by a tenth of a degree."),
    _stuck("co2_concentration", "CO2 concentration stuck", 24.0, "air outdoors alone moves by more than 1 ppm a day."),
    _stuck("supply_temperature", "Supply temperature stuck", 24.0, "networks follow the weather, still water cools."),
)
