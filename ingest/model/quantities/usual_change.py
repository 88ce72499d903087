"""How far and how fast each quantity usually changes as a gauge, in its canonical unit, and where that comes from.

As an interval reading a quantity is judged by what a city file declares only: loads switch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Usual:
    """A departure of at most ``tolerance`` is none; None: not judged. ``source``: where the numbers come from."""

    tolerance: float | None
    max_per_hour: float | None
    source: str


_WMO: Final = (
    "Zahumensky 2004, Guidelines on Quality Control Procedures for Data from Automatic Weather Stations (recalled)"
)

_SWITCHED: Final = Usual(
    None, None, "Engineering judgement: it switches, jumps and rests as its users do; none of that is a fault."
)
_COUNTED: Final = Usual(
    None, None, "A register is read by its contract, ingest/model/registers.py; one at rest is not stuck."
)
_FACTOR: Final = Usual(0.5, None, "Engineering judgement: no plant or grid moves by 0.5 kg/kWh for an hour, and back.")

USUAL: Final[Mapping[str, Usual]] = {
    "outdoor_temperature": Usual(
        5.0, 180.0, f"3 K a minute: step test of {_WMO}. 5 K: engineering judgement, what a front does in an hour."
    ),
    "wind_speed": Usual(20.0, 1200.0, f"20 m/s from minute to minute: step test of {_WMO}."),
    "relative_humidity": Usual(
        50.0, 600.0, f"10 percent a minute: step test of {_WMO}. 50 percent: engineering judgement, a bath is no fault."
    ),
    "indoor_temperature": Usual(
        10.0, 180.0, "Engineering judgement: a window opened wide in winter takes some kelvins in minutes."
    ),
    "co2_concentration": Usual(
        2500.0, 150_000.0, "Engineering judgement: who breathes upon a sensor adds some thousand ppm for a moment."
    ),
    "supply_temperature": Usual(
        45.0,
        3600.0,
        "Engineering judgement: a tap opened after hours warms a cold pipe from 20 to 65 degC at once; a sensor in its "
        "pocket follows by 1 K/s.",
    ),
    "return_temperature": Usual(
        35.0,
        3600.0,
        "Engineering judgement: it moves between a room's 20 degC and a circulation's 55; 1 K/s as in the supply.",
    ),
    "heat_emission_factor": _FACTOR,
    "grid_emission_factor": _FACTOR,
    "global_irradiance": Usual(
        None,
        None,
        f"Not judged: clouds move it by 800 W/m2 from minute to minute, which passes the step test of {_WMO}.",
    ),
    "heat_power": _SWITCHED,
    "flow": _SWITCHED,
    "electricity_power": _SWITCHED,
    "plugged_in": _SWITCHED,
    "dimming_level": _SWITCHED,
    "connector_status": _SWITCHED,
    "heat_energy": _COUNTED,
    "volume": _COUNTED,
    "volume_supply_temperature": _COUNTED,
    "volume_return_temperature": _COUNTED,
    "electricity_energy": _COUNTED,
    "charging_sessions": _COUNTED,
    "burning_hours": _COUNTED,
}
