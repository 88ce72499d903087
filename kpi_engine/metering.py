"""Which devices count for an indicator and a subject, and from when to when, so that nothing is counted twice.

A device counts while no chosen device above it does: a submeter of a meter that was installed later counts until then.
An overlap that the city file leaves open is refused, never guessed. Pure; times are microseconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from ingest.model.assets import City, Device, Direction
from ingest.model.calendar import day_start
from ingest.model.catalogue import Series
from kpi_engine.indicator import Feeding, Needs, Selection

FOREVER: Final = 2**62

Span = tuple[int, int]


@dataclass(frozen=True)
class MeterEntry:
    """A device that counts in [valid_from, valid_to), and the series that are read of it, by quantity.

    ``role``: on which side of a balance; one device may stand on several.
    """

    name: str
    series: Mapping[str, Series]
    valid_from: int
    valid_to: int
    carrier: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class Metering:
    """What counts: entries by name, where and when devices stand, and why there can be no figure, if so."""

    entries: tuple[MeterEntry, ...] = ()
    sites: tuple[tuple[str, int, int], ...] = ()
    refused: str | None = None


class Topology:
    """The devices of a city by name, the vertical of each site, and what stands above each device."""

    def __init__(self, city: City) -> None:
        self._zone = city.timezone
        self._devices = {device.name: device for device in city.devices}
        self._verticals = {site.name: site.vertical for site in city.sites}
        self._serves = {site.name: site.serves for site in city.sites}

    @property
    def devices(self) -> list[Device]:
        """Every device of the city."""
        return list(self._devices.values())

    def reached(self, sites: Iterable[str]) -> set[str]:
        """Return ``sites`` and all that they serve, directly or through others."""
        found: set[str] = set()
        ahead = list(sites)
        while ahead:
            site = ahead.pop()
            if site not in found:
                found.add(site)
                ahead += self._serves.get(site, ())
        return found

    def is_chosen(self, device: Device, one: Selection) -> bool:
        """Return whether ``device`` belongs to a selection."""
        reported = {series.quantity for series in device.series}
        return (
            (one.carrier is None or (one.carrier == device.carrier and device.direction is Direction.CONSUMPTION))
            and (not one.device_types or device.type in one.device_types)
            and (not one.verticals or self._verticals[device.site] in one.verticals)
            and (not one.only_reporting or reported.issuperset(one.quantities))
        )

    def above(self, device: Device) -> list[Device]:
        """Return the devices above one, the nearest first; among them is the device itself where they go in circles."""
        found: list[Device] = []
        upper = self._devices.get(device.submeter_of or "")
        while upper is not None and upper not in found:
            found.append(upper)
            upper = self._devices.get(upper.submeter_of or "")
        return found

    def supplied(self, site: str, carrier: str | None) -> set[str]:
        """Return the sites that get ``carrier`` from ``site``; what is served heat is not served electricity as well.

        A site of a producer supplies what it produces, so what is metered there is its own use.
        """
        here = {d.direction for d in self._devices.values() if d.site == site and d.carrier == carrier}
        if Direction.PRODUCTION in here:
            return set()
        served = (self.reached({one}) for one in self._serves.get(site, ()))
        return {one for sites in served if self._carried(sites) == carrier for one in sites} - {site}

    def _carried(self, sites: set[str]) -> str:
        return "heat" if any(d.site in sites and d.carrier == "heat" for d in self._devices.values()) else "electricity"

    def validity(self, device: Device) -> Span:
        """Return [from, to) in which a device is valid, in microseconds."""
        start = day_start(device.valid_from, self._zone) if device.valid_from else -FOREVER
        return start, day_start(device.valid_to, self._zone) if device.valid_to else FOREVER


def metering(
    topology: Topology, devices: Sequence[Device], series: Mapping[str, Mapping[str, Series]], needs: Needs
) -> Metering:
    """Return what counts among a subject's ``devices``; ``series`` are those of each device by its name."""
    chosen = {
        device.name: (device, one) for one in needs.selections for device in devices if topology.is_chosen(device, one)
    }
    every = [device for device, _ in chosen.values()]
    uppers = {d.name: [u for u in topology.above(d) if u.name in chosen] if needs.nested else [] for d in every}
    entries = [
        MeterEntry(device.name, _read(series[device.name], one), start, end, device.carrier)
        for device, one in chosen.values()
        for start, end in without(topology.validity(device), map(topology.validity, uppers[device.name]))
    ]
    topmost = [device for device in every if device.carrier and needs.nested and not uppers[device.name]]
    refused = next(chain(_unresolved(topology, every, uppers, needs.feeding), served(topology, topmost)), None)
    return Metering(tuple(entries), _presence(topology, every), refused)


def _read(series: Mapping[str, Series], one: Selection) -> dict[str, Series]:
    return {quantity: series[quantity] for quantity in one.quantities if quantity in series}


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """Return what remains of ``span`` when each of ``taken`` is cut out, in order of time."""
    left = [span]
    for start, end in taken:
        left = [part for a, b in left for part in ((a, min(b, start)), (max(a, end), b)) if part[0] < part[1]]
    return left


def _presence(topology: Topology, devices: Iterable[Device]) -> tuple[tuple[str, int, int], ...]:
    """Return for each site from when to when a device stands there, apart where there was none in between."""
    found: dict[str, list[Span]] = {}
    for device in devices:
        found.setdefault(device.site, []).append(topology.validity(device))
    return tuple((site, *span) for site, spans in sorted(found.items()) for span in union(spans))


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the union of ``spans`` as spans that do not touch, in order of time."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _unresolved(
    topology: Topology, devices: Sequence[Device], uppers: Mapping[str, Sequence[Device]], feeding: Feeding | None
) -> Iterator[str]:
    """Yield a sentence for every overlap that the city file leaves open."""
    for device in devices:
        if device in uppers[device.name]:
            names = ", ".join(one.name for one in uppers[device.name])
            yield f"the meters {names} are submeters of each other, so none of them is a main meter (submeter_of)"
    feeders: dict[str, list[Device]] = {}
    for device in (one for one in devices if feeding and one.type == feeding.upper):
        feeders.setdefault(device.site, []).append(device)
    for device in (one for one in devices if feeding and one.type == feeding.lower):
        alone = without(topology.validity(device), map(topology.validity, uppers[device.name]))
        for feeder in feeders.get(device.site, ()):
            if any(_meet(span, topology.validity(feeder)) for span in alone):
                yield (
                    f"{device.name} stands at the site of {feeder.name} and is no submeter of a {feeder.type}: whether "
                    f"its energy is part of what {feeder.name} counts is not known (submeter_of)"
                )


def served(topology: Topology, topmost: Sequence[Device]) -> Iterator[str]:
    """Yield a sentence for every two meters of which one may contain the other, since its site serves the other's."""
    for upper in topmost:
        supplied = topology.supplied(upper.site, upper.carrier)
        for lower in (one for one in topmost if one.site in supplied and one.carrier == upper.carrier):
            if _meet(topology.validity(upper), topology.validity(lower)):
                yield (
                    f"{lower.name} stands at {lower.site}, which {upper.site} serves, and is no submeter: whether its "
                    f"energy is part of what {upper.name} counts is not known (submeter_of)"
                )


def _meet(one: Span, other: Span) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
