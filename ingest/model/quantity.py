"""The table of observed properties: canonical unit, usual kind, and the range that is physically plausible.

Ranges refuse what cannot be (a return temperature of 5,000 degC), not what is unusual. A register's range bounds
its total. Names follow OGC ObservedProperty usage; the volume-temperature registers are Kamstrup's E8 and E9.
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


_GAUGE, _REGISTER = ReadingKind.GAUGE, ReadingKind.REGISTER

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
        Quantity(
            "heat_emission_factor", "Emission factor of heat", "kg/kWh", _GAUGE, (0.0, 5.0), Interpolation.PREVIOUS
        ),
    )
}
