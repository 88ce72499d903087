"""What no single field of a city file can know: references, uniqueness, and what a type of device may report.

Each rule yields (key, what was expected) for every fault it finds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from ingest.model.assets import City, Device, Fact, Site
from ingest.model.verticals import VERTICALS

Faults = Iterator[tuple[str, str]]


def faults(city: City) -> Faults:
    """Yield every inconsistency of a city whose fields are valid each by itself."""
    yield from _repeated("sites", (site.name for site in city.sites))
    yield from _repeated("devices", (device.name for device in city.devices))
    yield from _repeated("devices.native_id", (device.address for device in city.devices))
    yield from _overlapping("facts", city.facts)
    for index, site in enumerate(city.sites):
        yield from _overlapping(f"sites[{index}].facts", site.facts)
    sites = {site.name: site for site in city.sites}
    devices = {device.name: device for device in city.devices}
    for index, device in enumerate(city.devices):
        yield from _device(f"devices[{index}]", device, sites, devices)
    yield from _factor_series(city, devices)


def _repeated(key: str, names: Iterable[str]) -> Faults:
    for name, count in Counter(names).items():
        if count > 1:
            yield key, f"{name!r} is declared {count} times; names are unique"


def _overlapping(key: str, facts: Sequence[Fact]) -> Faults:
    """One fact of a name holds on any day: otherwise the figure that uses it would depend on the order of lines."""
    for (first, one), (second, other) in combinations(enumerate(facts), 2):
        if one.name == other.name and one.overlaps(other):
            yield (
                f"{key}[{second}]",
                f"{other.name!r} is given by {key}[{first}] for some of the same days; "
                "expected valid_from and valid_to that do not overlap",
            )


def _device(key: str, device: Device, sites: dict[str, Site], devices: dict[str, Device]) -> Faults:
    yield from _repeated(f"{key}.series", (series.quantity for series in device.series))
    if device.submeter_of is not None and (device.submeter_of not in devices or device.submeter_of == device.name):
        yield f"{key}.submeter_of", f"expected the name of another device, not {device.submeter_of!r}"
    if device.site not in sites:
        yield f"{key}.site", f"expected one of {', '.join(sites)}, not {device.site!r}"
    else:
        yield from _reported(key, device, sites[device.site])


def _reported(key: str, device: Device, site: Site) -> Faults:
    vertical = VERTICALS[site.vertical]
    device_type = vertical.device_type(device.type)
    if device_type is None:
        names = ", ".join(kind.name for kind in vertical.device_types)
        yield f"{key}.type", f"expected one of {names} ({vertical.name}), not {device.type!r}"
        return
    for position, series in enumerate(device.series):
        if series.quantity not in device_type.quantities:
            allowed = ", ".join(device_type.quantities)
            yield f"{key}.series[{position}].quantity", f"a {device_type.name} reports {allowed}"


def _factor_series(city: City, devices: dict[str, Device]) -> Faults:
    for carrier, reference in city.factor_series.items():
        target = devices.get(reference.device)
        if target is None or reference.quantity not in {series.quantity for series in target.series}:
            yield f"factor_series.{carrier}", "expected a device of this city and a quantity that it reports"
