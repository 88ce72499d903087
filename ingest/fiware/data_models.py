"""What the Smart Data Models fix of their attributes: the unit, and what it measures for Pharos.

Read from the schemas of smart-data-models (dataModel.Weather, Environment, Energy, Streetlighting, Device; 2024). Only
what a schema says itself stands here: where it leaves the unit open, the message or the city file says it.
"""

from collections.abc import Mapping
from typing import Final

from ingest.model.quantities.common_codes import symbol

_FRACTION: Final = "1"
_METER: Final = {
    **dict.fromkeys(
        ("totalActiveEnergyImport", "totalActiveEnergyExport", "activeEnergyImport", "activeEnergyExport"), "kWh"
    ),
    **dict.fromkeys(("totalActivePower", "activePower"), "W"),
}
_UNITS: Final[Mapping[str, Mapping[str, str]]] = {
    "ACMeasurement": _METER,
    "ThreePhaseAcMeasurement": _METER,
    "WeatherObserved": {
        "relativeHumidity": _FRACTION,
        "dewPoint": "degC",
        "solarRadiation": "W/m2",
        "illuminance": "lx",
    },
    "IndoorEnvironmentObserved": {"relativeHumidity": _FRACTION},
    "AirQualityObserved": {"relativeHumidity": _FRACTION},
    "Streetlight": {"illuminanceLevel": _FRACTION},
    "StreetlightControlCabinet": {
        **dict.fromkeys(("energyConsumed", "lastMeterReading"), "kWh"),
        **dict.fromkeys(("totalActivePower", "activePowerR", "activePowerS", "activePowerT"), "kW"),
    },
}

_NONE: Final[Mapping[str, str]] = {}

MEANINGS: Final[Mapping[str, str]] = {
    "totalActiveEnergyImport": "electricity_energy",
    "energyConsumed": "electricity_energy",
    "totalActivePower": "electricity_power",
    "relativeHumidity": "relative_humidity",
    "co2": "co2_concentration",
    "solarRadiation": "global_irradiance",
    "windSpeed": "wind_speed",
    "illuminanceLevel": "dimming_level",
}
"""The quantity of each attribute that means the same in every model that has it; ``temperature`` does not."""

UNIT_BESIDE: Final[Mapping[str, tuple[str, str]]] = {"DeviceMeasurement": ("numValue", "unit")}
"""By type: an attribute whose unit is the value of another attribute, and that one."""


def fixed_units(model: str) -> Mapping[str, str]:
    """Return the units that a model fixes, by attribute."""
    return _UNITS.get(model, _NONE)


def unit(fixed: str | None, value: float | None, code: str | None) -> str | None:
    """Return the unit of a value: that of its ``code``, else the one that its model has ``fixed``, else None.

    A share is written from 0 to 1 in the models, and the code of percent beside it says what it is a share of: 0.54 and
    P1 are 54 %. Beyond 1 it is no share, and the code says what it is.
    """
    if code is None:
        return fixed
    unit = symbol(code)
    is_share = fixed == _FRACTION and value is not None and abs(value) <= 1.0
    return fixed if is_share and unit == "percent" else unit
