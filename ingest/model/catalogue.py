"""The catalogue: native ids and quantities to series, and what the steps must know of each series.

Built once from city files and the ids the registry gave them; immutable, so that it can be shared and swapped whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ingest.model.alarm_limits import AlarmLimits
from ingest.model.bindings import Bindings
from ingest.model.calendar import Instants
from ingest.model.city.assets import City, Device, SeriesDeclaration
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.quantities.plausible_change import UNCHECKED, ChangeLimits
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.units import Conversion
from ingest.model.reading import Interpolation, ReadingKind, Stamping
from ingest.model.registers import RegisterContract, Swap
from ingest.model.session import ENERGY, PLUGS, Plug
from ingest.model.succession import Succession
from ingest.model.time import MICROSECOND, SECOND

# Silence of up to three expected intervals counts as measured, unless a series declares another max_gap.
DEFAULT_GAP_INTERVALS = 3


@dataclass(frozen=True)
class Series:
    """One quantity of one device in one canonical unit (OGC Datastream). Times in microseconds.

    ``expected_interval``: about how long ``interval`` is. ``filling``: the longest silence that is interpolated.
    ``contracts`` and ``swaps`` speak of registers only.
    """

    series_id: int
    city: str
    zone: str
    site: str
    device: str
    quantity: str
    unit: str
    kind: ReadingKind
    interpolation: Interpolation
    conversions: Succession[Conversion]
    plausible: tuple[float, float]
    expected_interval: int
    interval: ExpectedInterval
    stamp_tolerance: int
    max_gap: int
    filling: int
    contracts: Succession[RegisterContract]
    swaps: tuple[Swap, ...]
    stamping: Stamping = Stamping.END
    change: ChangeLimits = UNCHECKED

    @property
    def conversion(self) -> Conversion:
        """From the unit that is declared until further notice."""
        return self.conversions.newest

    @property
    def contract(self) -> RegisterContract:
        """The contract that is declared until further notice."""
        return self.contracts.newest

    @property
    def states(self) -> tuple[str, ...]:
        """The named states its values stand for, by their places; none where values are numbers."""
        return QUANTITIES[self.quantity].states

    @property
    def is_stored_as_stamped(self) -> bool:
        """Whether a reading is complete at the time that its device gives."""
        return self.stamping is Stamping.END

    def complete_at(self, stamps: Instants) -> Instants:
        """Return when readings are complete, which is when they are stored, by the times that the device gives."""
        return stamps if self.is_stored_as_stamped else self.interval.ends(stamps, self.zone)


@dataclass(frozen=True)
class DeviceEntry:
    """A registered device and its series by quantity."""

    device_id: int
    city: str
    name: str
    site: str
    expected_interval: int
    series: Mapping[str, Series]

    @property
    def plug(self) -> Plug | None:
        """What tells of vehicles where sessions are assembled from readings, which needs a register as well."""
        return plug_of(self.series)

    def reported(self, quantity: str) -> Series | None:
        """Return the series of a quantity that readings are sent for; what is made of sessions has none."""
        series = self.series.get(quantity)
        return None if series is None or series.kind is ReadingKind.SESSION else series


@dataclass(frozen=True)
class Ids:
    """The ids a registry has given: by (city, device) and by (city, device, quantity)."""

    devices: Mapping[tuple[str, str], int]
    series: Mapping[tuple[str, str, str], int]


def plug_of(series: Mapping[str, Series]) -> Plug | None:
    """Return what tells of vehicles among the series of a device by quantity, where there is a register as well."""
    register = series.get(ENERGY)
    if register is None or register.kind is not ReadingKind.REGISTER:
        return None
    return next((one for one in PLUGS if one.quantity in series), None)


class Catalogue:
    """Looks up devices by (city, native id), bindings by topic and series by id."""

    def __init__(self, cities: list[City], ids: Ids) -> None:
        self.cities: Mapping[str, City] = MappingProxyType({city.name: city for city in cities})
        limits = {(city.name, site.name): site.alarms for city in cities for site in city.sites}
        entries = [
            (city, device, _entry(city, device, ids, limits.get((city.name, device.site), {})))
            for city in cities
            for device in city.devices
        ]
        self.devices: Mapping[tuple[str, str], DeviceEntry] = MappingProxyType(
            {(city.name, device.address): entry for city, device, entry in entries}
        )
        self.bindings = Bindings(cities)
        self.series: Mapping[int, Series] = MappingProxyType(
            {series.series_id: series for *_, entry in entries for series in entry.series.values()}
        )


def _entry(city: City, device: Device, ids: Ids, limits: Mapping[str, AlarmLimits]) -> DeviceEntry:
    return DeviceEntry(
        device_id=ids.devices[city.name, device.name],
        city=city.name,
        name=device.name,
        site=device.site,
        expected_interval=device.expected_interval.length,
        series=MappingProxyType(
            {
                declared.quantity: _series(
                    city, device, declared, ids.series[city.name, device.name, declared.quantity], limits
                )
                for declared in device.series
            }
        ),
    )


def _series(
    city: City, device: Device, declared: SeriesDeclaration, series_id: int, limits: Mapping[str, AlarmLimits]
) -> Series:
    quantity = declared.definition
    interval, tolerance = device.expected_interval, declared.stamp_tolerance
    gap = declared.max_gap // MICROSECOND if declared.max_gap else DEFAULT_GAP_INTERVALS * interval.length
    return Series(
        series_id=series_id,
        city=city.name,
        zone=city.timezone,
        site=device.site,
        device=device.name,
        quantity=quantity.name,
        unit=quantity.unit,
        kind=declared.reading_kind,
        interpolation=quantity.interpolation,
        conversions=declared.conversions(city.timezone),
        plausible=quantity.plausible,
        expected_interval=interval.length,
        interval=interval,
        stamp_tolerance=tolerance // MICROSECOND if tolerance else interval.tolerance,
        max_gap=max(gap, SECOND),
        filling=declared.longest_filled // MICROSECOND,
        contracts=declared.contracts(city.timezone),
        swaps=device.swaps(declared, city.timezone),
        stamping=declared.stamping or Stamping.END,
        change=device.change(declared, limits),
    )
