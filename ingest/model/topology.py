"""How a city's parts hang together: which meter is a submeter of which, which site serves which, and what flows where.

``submeter_of`` (Brick isSubMeterOf) keeps a total from counting energy twice, ``serves`` (Brick feeds) says where heat
or electricity goes. Neither may run in a circle. Each rule yields (key, what was expected) for every fault it finds.
"""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from ingest.model.assets import City, Device
from ingest.model.vertical import DeviceType

Faults = Iterator[tuple[str, str]]
_Edges = Mapping[str, tuple[str, ...]]


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
        if device.submeter_of is None:
            continue
        key, meter = f"devices[{index}].submeter_of", devices.get(device.submeter_of)
        if meter is None or meter is device:
            yield key, f"expected the name of another device, not {device.submeter_of!r}"
        elif meter.carrier != device.carrier:
            yield (
                key,
                f"expected a meter of the same carrier: {device.name!r} meters {_metered(device)}, "
                f"{meter.name!r} {_metered(meter)}",
            )
    edges = {name: (device.submeter_of,) for name, device in devices.items() if device.submeter_of not in (None, name)}
    positions = {device.name: index for index, device in enumerate(city.devices)}
    for circle in _circles({name: tuple(filter(None, edge)) for name, edge in edges.items()}, positions):
        chain = " is a submeter of ".join(map(repr, circle))
        yield f"devices[{positions[circle[0]]}].submeter_of", f"expected no circle, but {chain}"


def _metered(device: Device) -> str:
    return device.carrier or "no carrier"


def _served(city: City) -> Faults:
    positions = {site.name: index for index, site in enumerate(city.sites)}
    for index, site in enumerate(city.sites):
        for position, served in enumerate(site.serves):
            key = f"sites[{index}].serves[{position}]"
            if served not in positions or served == site.name:
                yield key, f"expected the name of another site, not {served!r}"
            elif served in site.serves[:position]:
                yield key, f"{served!r} is in the list already; expected each site once"
    edges = {site.name: tuple(served for served in site.serves if served != site.name) for site in city.sites}
    for circle in _circles(edges, positions):
        yield f"sites[{positions[circle[0]]}].serves", f"expected no circle, but {' serves '.join(map(repr, circle))}"


def _circles(edges: _Edges, positions: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield circles until none is left, each from the name that is declared first back to it."""
    left = dict(edges)
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))[
                :-1
            ]  # against the edges, so reversed; its first name again at the end
            begin = circle.index(min(circle, key=positions.__getitem__))
            yield [*circle[begin:], *circle[: begin + 1]]
            left[circle[0]] = tuple(name for name in left[circle[0]] if name != circle[1])
        else:
            return
