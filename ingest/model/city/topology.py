"""How a city's parts hang together: which meter is a submeter of which, which site serves which, and what flows where.

``submeter_of`` (Brick isSubMeterOf) keeps a total from counting energy twice, ``serves`` (Brick feeds) says where heat
or electricity goes. Neither may run in a circle on any day. Each rule yields (key, what was expected) for every fault
it finds.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter

from ingest.model.city.assets import City, Device
from ingest.model.city.dated import entry_key, order_faults
from ingest.model.city.links import MeterAbove
from ingest.model.city.validity import Validity
from ingest.model.declarations.expected import nearest
from ingest.model.vertical import DeviceType

Faults = Iterator[tuple[str, str]]


def faults(city: City) -> Faults:
    """Yield every fault of the topology of a city whose names are unique."""
    yield from _submeters(city)
    yield from _served(city)


def flow_faults(key: str, device: Device, kind: DeviceType) -> Faults:
    """Yield where a device's carrier and direction are not those of its type, or stand alone."""
    if device.carrier is not None and device.carrier != kind.carrier:
        expected = kind.carrier or "no carrier, since it meters no energy"
        yield f"{key}.carrier", f"expected {expected} ({kind.name}), not {device.carrier!r}"
    if device.direction is not None and kind.direction not in (None, device.direction):
        yield f"{key}.direction", f"expected {kind.direction} ({kind.name}), not '{device.direction}'"
    if (device.carrier is None) != (device.direction is None):
        given, missing = ("carrier", "direction") if device.direction is None else ("direction", "carrier")
        yield f"{key}.{missing}", f"expected beside {given}; without it the meter would count for no figure"


def _submeters(city: City) -> Faults:
    devices = {device.name: device for device in city.devices}
    for index, device in enumerate(city.devices):
        key = f"devices[{index}].submeter_of"
        yield from order_faults(key, device.submeter_of)
        for position, above in enumerate(device.submeter_of):
            at = entry_key(key, device.submeter_of, position)
            yield from _submeter(at, device, devices, above)
    edges = [(device.name, [(above, above.meter) for above in device.submeter_of]) for device in city.devices]
    for index, circle in _circles_of_days(edges):
        yield f"devices[{index}].submeter_of", f"expected no circle, but {' is a submeter of '.join(circle)}"


def _submeter(key: str, device: Device, devices: Mapping[str, Device], above: MeterAbove) -> Faults:
    meter = devices.get(above.meter)
    if meter is None or meter is device:
        others = devices.keys() - {device.name}
        yield key, f"expected the name of another device, not {above.meter!r}{nearest(others, above.meter)}"
    elif meter.carrier != device.carrier:
        has, other = (one.carrier or "no carrier" for one in (device, meter))
        yield key, f"expected a meter of the same carrier: {device.name!r} meters {has}, {meter.name!r} {other}"


def _served(city: City) -> Faults:
    names = {site.name for site in city.sites}
    for index, site in enumerate(city.sites):
        for position, one in enumerate(site.serves):
            key = f"sites[{index}].serves[{position}]"
            if one.site not in names or one.site == site.name:
                others = names - {site.name}
                yield key, f"expected the name of another site, not {one.site!r}{nearest(others, one.site)}"
            elif any(one.site == other.site and one.overlaps(other) for other in site.serves[:position]):
                yield key, f"{one.site!r} is in the list already for some of these days; expected each site once"
    edges = [(site.name, [(one, one.site) for one in site.serves]) for site in city.sites]
    for index, circle in _circles_of_days(edges):
        yield f"sites[{index}].serves", f"expected no circle, but {' serves '.join(circle)}"


def _circles_of_days(edges: Sequence[tuple[str, Sequence[tuple[Validity, str]]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield (index, quoted names) of the circles of every day, each once; edges change on the days they begin."""
    starts = {link.valid_from for _, links in edges for link, _ in links}
    found: dict[tuple[int, tuple[str, ...]], None] = {}
    for day in sorted({start or date.min for start in starts}):
        holding = [(name, [target for link, target in links if link.holds_on(day)]) for name, links in edges]
        found |= {(index, tuple(circle)): None for index, circle in _circles(holding)}
    yield from ((index, list(circle)) for index, circle in found)


def _circles(edges: Sequence[tuple[str, Sequence[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield (index, quoted names) of circles of two or more until none is left, each from what is declared first."""
    positions = {name: index for index, (name, _) in enumerate(edges)}
    left = {name: [target for target in dict.fromkeys(targets) if target != name] for name, targets in edges}
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))[:-1]  # it runs against the edges, and ends where it begins
            begin = circle.index(min(circle, key=positions.__getitem__))
            first, second, *_ = circle = [*circle[begin:], *circle[: begin + 1]]
            yield positions[first], [repr(name) for name in circle]
            left[first].remove(second)
        else:
            return
