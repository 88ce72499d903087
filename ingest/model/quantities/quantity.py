"""The table of observed properties: canonical unit, usual kind, and the range that is physically plausible.

Ranges refuse what cannot be (a return temperature of 5,000 degC), not what is unusual. A register's range bounds
its total. Names follow OGC ObservedProperty usage; the volume-temperature registers are Kamstrup's E8 and E9;
charging follows OCPP (a session is a transaction), lighting TALQ (dimming level, burning hours). A state is stored as
its place in the list of its quantity, so a list is only ever added to at its end.
"""

from dataclasses import dataclass
from typing import Final

from ingest.model.reading import Interpolation, ReadingKind


@dataclass(frozen=True)
class Quantity:
    """One observed property and how its readings behave unless a series says otherwise."""

    name: str
    title: str
    unit: str
    kind: ReadingKind
    plausible: tuple[float, float]
    interpolation: Interpolation = Interpolation.LINEAR
    states: tuple[str, ...] = ()

    def state(self, value: float | None) -> str | None:
        """Return the name of the state that ``value`` stands for; None where it stands for none."""
        return None if value is None or not self.states else self.states[int(value)]


def _of_states(name: str, title: str, states: tuple[str, ...]) -> Quantity:
    """Return a quantity whose values are named ``states``; what is stored is the place in this list."""
    return Quantity(name, title, "1", ReadingKind.STATE, (0.0, len(states) - 1.0), _PREVIOUS, states)


_GAUGE, _REGISTER = ReadingKind.GAUGE, ReadingKind.REGISTER
_PREVIOUS = Interpolation.PREVIOUS

QUANTITIES: Final[dict[str, Quantity]] = {
    quantity.name: quantity
    for quantity in (
        Quantity("heat_energy", "Heat energy", "kWh", _REGISTER, (0.0, 1e10)),
        Quantity("volume", "Water volume", "m3", _REGISTER, (0.0, 1e9)),
        Quantity(
            "volume_supply_temperature", "Volume times supply temperature (E8)", "m3.degC", _REGISTER, (0.0, 1e11)
        ),
        Quantity(
            "volume_return_temperature", "Volume times return temperature (E9)", "m3.degC", _REGISTER, (0.0, 1e11)
        ),
        Quantity("supply_temperature", "Supply temperature", "degC", _GAUGE, (-20.0, 200.0)),
        Quantity("return_temperature", "Return temperature", "degC", _GAUGE, (-20.0, 200.0)),
        Quantity("heat_power", "Heat power", "kW", _GAUGE, (-1e6, 1e6)),
        Quantity("flow", "Volume flow", "m3/h", _GAUGE, (-1e5, 1e5)),
        Quantity("outdoor_temperature", "Outdoor temperature", "degC", _GAUGE, (-60.0, 60.0)),
        Quantity("heat_emission_factor", "Emission factor of heat", "kg/kWh", _GAUGE, (0.0, 5.0), _PREVIOUS),
        # 10 TWh and 1 GW: more than any one meter of a city of 300,000 people counts in its life, or carries.
        Quantity("electricity_energy", "Electricity", "kWh", _REGISTER, (0.0, 1e10)),
        Quantity("electricity_power", "Electric power", "kW", _GAUGE, (-1e6, 1e6)),
        # A session every minute for 19 years.
        Quantity("charging_sessions", "Charging sessions completed", "1", _REGISTER, (0.0, 1e7)),
        Quantity("plugged_in", "Vehicle plugged in", "1", _GAUGE, (0.0, 1.0), _PREVIOUS),
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
        Quantity("burning_hours", "Burning hours", "h", _REGISTER, (0.0, 1e6)),
        Quantity("dimming_level", "Dimming level", "percent", _GAUGE, (0.0, 100.0), _PREVIOUS),
        # An unheated attic in winter, the same attic in summer.
        Quantity("indoor_temperature", "Indoor temperature", "degC", _GAUGE, (-40.0, 70.0)),
        # Capacitive sensors are good to 3 to 5 points and read beyond 100 in fog.
        Quantity("relative_humidity", "Relative humidity", "percent", _GAUGE, (0.0, 105.0)),
        # From less than the air of the ice ages to 4 %, dangerous to life: a sensor that says 0 is broken.
        Quantity("co2_concentration", "CO2 concentration", "ppm", _GAUGE, (150.0, 4e4)),
        # Edges of clouds focus the sun beyond the solar constant (1,361); thermal offset reads below zero at night.
        Quantity("global_irradiance", "Global horizontal irradiance", "W/m2", _GAUGE, (-20.0, 2000.0)),
        # The strongest gust measured on the ground was 113 m/s.
        Quantity("wind_speed", "Wind speed", "m/s", _GAUGE, (0.0, 115.0)),
        Quantity("grid_emission_factor", "Emission factor of the grid", "kg/kWh", _GAUGE, (0.0, 5.0), _PREVIOUS),
    )
}
