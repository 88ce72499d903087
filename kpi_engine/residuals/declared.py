"""Which residual series a city has, and what each is made of, from its topology. Pure; times are microseconds.

One for every main meter with submeters, for every network of plants, and for every heat meter that reports its water.
Sides, validity and refusals are those of the indicators of the same balances.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

from ingest.model.catalogue import Catalogue, Series
from ingest.model.city.assets import City, Device, Direction
from ingest.model.quantities.carrier import BALANCED
from kpi_engine.boundary.balancing import balanced_meters
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.final_energy import consumers
from kpi_engine.boundary.metering import MeterSet, NoFigure, counted_meters
from kpi_engine.indicator import Balance
from kpi_engine.indicators import INDICATORS

UNIT: Final = "kWh"
CARRIED: Final = "carried_heat_balance"
NETWORK: Final = "network_heat_balance"
TITLES: Final = {
    **{one.balance: f"{one.title} between a main meter and its submeters" for one in BALANCED},
    NETWORK: "Heat between plants and the meters they serve",
    CARRIED: "Heat counted against heat carried by the meter's water",
}
"""The quantities of residuals. Each is what goes in less what comes out; of CARRIED, counted less carried."""

_DEVIATION: Final = INDICATORS["heat_meter_deviation"].needs
_RULES: Final = "1"  # changes whenever the same rollups may give another residual


@dataclass(frozen=True)
class BalanceMember:
    """A series that counts in [valid_from, valid_to). ``role``: its side of the balance; None in a meter's own."""

    series_id: int
    device: str
    quantity: str
    role: str | None
    valid_from: int
    valid_to: int


@dataclass(frozen=True)
class Residual:
    """One residual series, listed with ``device``; ``refusals``: when and why it has no values in any case."""

    city: str
    device: str
    quantity: str
    zone: str
    members: tuple[BalanceMember, ...]
    refusals: tuple[NoFigure, ...] = ()

    @cached_property
    def definition(self) -> str:
        """Digest of everything but rollups that decides the values."""
        return sha256(repr((_RULES, self.zone, self.members, self.refusals or None)).encode()).hexdigest()[:16]


def residuals(catalogue: Catalogue) -> list[Residual]:
    """Return every residual series of every city."""
    return [one for city in catalogue.cities.values() for one in _of_city(catalogue, city)]


def _of_city(catalogue: Catalogue, city: City) -> Iterator[Residual]:
    topology = Topology(city)
    series = {device.name: catalogue.devices[city.name, device.address].series for device in city.devices}
    for carrier in BALANCED:
        for main in city.devices:
            found = balanced_meters(topology, [main], series, Balance.SUBMETERS, consumers(carrier.name))
            yield from _residual(city, main, carrier.balance, found)
    for plants in _networks(topology):
        found = balanced_meters(topology, plants, series, Balance.NETWORK, consumers("heat"))
        yield from _residual(city, plants[0], NETWORK, found)
    for meter in city.devices:
        yield from _residual(city, meter, CARRIED, counted_meters(topology, [meter], series, _DEVIATION))


def _networks(topology: Topology) -> Iterator[Sequence[Device]]:
    """Yield the plants that supply something in common, together: what each of them supplied is not known."""
    plants = [one for one in topology.devices if one.carrier == "heat" and one.direction is Direction.PRODUCTION]
    while plants:
        together, reached = [plants[0]], set(topology.reached({plants[0].site}))
        while more := [p for p in plants if p not in together and reached & topology.reached({p.site}).keys()]:
            together += more
            reached |= topology.reached({plant.site for plant in more}).keys()
        plants = [plant for plant in plants if plant not in together]
        yield sorted(together, key=lambda plant: plant.name)


def _residual(city: City, device: Device, quantity: str, counts: MeterSet) -> Iterator[Residual]:
    if members := tuple(sorted(_members(counts), key=repr)):
        yield Residual(city.name, device.name, quantity, city.timezone, members, counts.refusals)


def _members(counts: MeterSet) -> Iterator[BalanceMember]:
    for entry in counts.entries:
        read: Mapping[str, Series] = entry.series
        for quantity, series in read.items():
            yield BalanceMember(series.series_id, entry.name, quantity, entry.role, entry.valid_from, entry.valid_to)
