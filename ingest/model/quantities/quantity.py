"""The table of observed properties, one row each: unit, kind, plausible range, and how it usually changes.

Ranges refuse what cannot be (a return temperature of 5,000 degC), not what is unusual. A register's range bounds
its total. Names follow OGC ObservedProperty usage; the volume-temperature registers are Kamstrup's E8 and E9;
charging follows OCPP (a session is a transaction), lighting TALQ (dimming level, burning hours). A state is stored as
its place in the list of its quantity, so a list is only ever added to at its end.
"""

from dataclasses import dataclass
from typing import Final

from ingest.model.quantities.usual_change import COUNTED, FACTOR, MIX, SWITCHED, WMO, UsualChange
from ingest.model.reading import Interpolation, ReadingKind


@dataclass(frozen=True)
class Quantity:
    """One observed property and how its readings behave unless a series says otherwise.

    ``plausible``: from the least to the most that can be; ``usual``: what gauges are judged by; both in ``unit``.
    """

    name: str
    title: str
    unit: str
    kind: ReadingKind
    plausible: tuple[float, float]
    usual: UsualChange
    interpolation: Interpolation = Interpolation.LINEAR
    states: tuple[str, ...] = ()

    def state(self, value: float | None) -> str | None:
        """Return the name of the state that ``value`` stands for; None where it stands for none."""
        return None if value is None or not self.states else self.states[int(value)]


def _register(name: str, title: str, unit: str, most: float) -> Quantity:
    """Return a quantity that counts from 0, to at most ``most``."""
    return Quantity(name, title, unit, ReadingKind.REGISTER, (0.0, most), COUNTED)


def _gauge(name: str, title: str, unit: str, plausible: tuple[float, float], usual: UsualChange) -> Quantity:
    """Return a quantity that runs linearly from one reading to the next."""
    return Quantity(name, title, unit, ReadingKind.GAUGE, plausible, usual)


def _held(name: str, title: str, unit: str, plausible: tuple[float, float], usual: UsualChange) -> Quantity:
    """Return a gauge that keeps its value until the next reading."""
    return Quantity(name, title, unit, ReadingKind.GAUGE, plausible, usual, Interpolation.PREVIOUS)


def _of_states(name: str, title: str, states: tuple[str, ...]) -> Quantity:
    """Return a quantity whose values are named ``states``; what is stored is the place in this list."""
    last = len(states) - 1.0
    return Quantity(name, title, "1", ReadingKind.STATE, (0.0, last), SWITCHED, Interpolation.PREVIOUS, states)


_TABLE: Final = (
    _register("heat_energy", "Heat energy", "kWh", 1e10),
    _register("volume", "Water volume", "m3", 1e9),
    _register("volume_supply_temperature", "Volume times supply temperature (E8)", "m3.degC", 1e11),
    _register("volume_return_temperature", "Volume times return temperature (E9)", "m3.degC", 1e11),
    _gauge(
        "supply_temperature",
        "Supply temperature",
        "degC",
        (-20.0, 200.0),
        UsualChange(
            45.0,
            3600.0,
            "Engineering judgement: a tap opened after hours warms a cold pipe from 20 to 65 degC at once; a sensor in "
            "its pocket follows by 1 K/s.",
        ),
    ),
    _gauge(
        "return_temperature",
        "Return temperature",
        "degC",
        (-20.0, 200.0),
        UsualChange(
            35.0,
            3600.0,
            "Engineering judgement: it moves between a room's 20 degC and a circulation's 55; 1 K/s as in the supply.",
        ),
    ),
    _gauge("heat_power", "Heat power", "kW", (-1e6, 1e6), SWITCHED),
    _gauge("flow", "Volume flow", "m3/h", (-1e5, 1e5), SWITCHED),
    _gauge(
        "outdoor_temperature",
        "Outdoor temperature",
        "degC",
        (-60.0, 60.0),
        UsualChange(
            5.0, 180.0, f"3 K a minute: step test of {WMO}. 5 K: engineering judgement, what a front does in an hour."
        ),
    ),
    _held("heat_emission_factor", "Emission factor of heat", "kg/kWh", (0.0, 5.0), FACTOR),
    # 10 TWh and 1 GW: more than any one meter of a city of 300,000 people counts in its life, or carries.
    _register("electricity_energy", "Electricity", "kWh", 1e10),
    _gauge("electricity_power", "Electric power", "kW", (-1e6, 1e6), SWITCHED),
    # A session every minute for 19 years.
    _register("charging_sessions", "Charging sessions completed", "1", 1e7),
    _held("plugged_in", "Vehicle plugged in", "1", (0.0, 1.0), SWITCHED),
    # ChargePointStatus of OCPP 1.6, in the order of its specification (recalled).
    _of_states(
        "connector_status",
        "Connector status",
        (
            "Available",
            "Preparing",
            "Charging",
            "SuspendedEVSE",
            "SuspendedEV",
            "Finishing",
            "Reserved",
            "Unavailable",
            "Faulted",
        ),
    ),
    # A century of burning without a pause has 876,600 hours.
    _register("burning_hours", "Burning hours", "h", 1e6),
    _held("dimming_level", "Dimming level", "percent", (0.0, 100.0), SWITCHED),
    # An unheated attic in winter, the same attic in summer.
    _gauge(
        "indoor_temperature",
        "Indoor temperature",
        "degC",
        (-40.0, 70.0),
        UsualChange(
            10.0, 180.0, "Engineering judgement: a window opened wide in winter takes some kelvins in minutes."
        ),
    ),
    # Capacitive sensors are good to 3 to 5 points and read beyond 100 in fog.
    _gauge(
        "relative_humidity",
        "Relative humidity",
        "percent",
        (0.0, 105.0),
        UsualChange(
            50.0,
            600.0,
            f"10 percent a minute: step test of {WMO}. 50 percent: engineering judgement, a bath is no fault.",
        ),
    ),
    # From less than the air of the ice ages to 4 %, dangerous to life: a sensor that says 0 is broken.
    _gauge(
        "co2_concentration",
        "CO2 concentration",
        "ppm",
        (150.0, 4e4),
        UsualChange(
            2500.0, 150_000.0, "Engineering judgement: who breathes upon a sensor adds some thousand ppm for a moment."
        ),
    ),
    # Edges of clouds focus the sun beyond the solar constant (1,361); thermal offset reads below zero at night.
    _gauge(
        "global_irradiance",
        "Global horizontal irradiance",
        "W/m2",
        (-20.0, 2000.0),
        UsualChange(
            None,
            None,
            f"Not judged: clouds move it by 800 W/m2 from minute to minute, which passes the step test of {WMO}.",
        ),
    ),
    # The strongest gust measured on the ground was 113 m/s.
    _gauge(
        "wind_speed",
        "Wind speed",
        "m/s",
        (0.0, 115.0),
        UsualChange(20.0, 1200.0, f"20 m/s from minute to minute: step test of {WMO}."),
    ),
    _held("grid_emission_factor", "Emission factor of the grid", "kg/kWh", (0.0, 5.0), FACTOR),
    _held("grid_renewable_share", "Renewable share of the grid", "percent", (0.0, 100.0), MIX),
    # The limits of the European day-ahead market have been -0.5 and 5 EUR/kWh; they move, and scarcity goes beyond.
    _held("electricity_price", "Electricity price", "EUR/kWh", (-5.0, 20.0), SWITCHED),
)

QUANTITIES: Final[dict[str, Quantity]] = {quantity.name: quantity for quantity in _TABLE}
