"""What baselines of a city file refer to: series that there are, of the right unit and kind, and one price on a day."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from ingest.model.city.assets import City, Device
from ingest.model.city.baseline import BaselineDeclaration, Price
from ingest.model.city.series_declaration import SeriesDeclaration
from ingest.model.city.series_reference import SeriesReference
from ingest.model.declarations.expected import one_of
from ingest.model.quantities.carrier import ENERGY_UNIT
from ingest.model.reading import ReadingKind

TEMPERATURE_UNIT: Final = "degC"
COUNTED: Final = (ReadingKind.REGISTER, ReadingKind.INTERVAL)

Faults = Iterator[tuple[str, str]]


def faults(city: City) -> Faults:
    """Yield what is wrong with the baselines of each site and group, as (key, what was expected)."""
    devices = {device.name: device for device in city.devices}
    for owner, declaring in city.declaring_baselines():
        key = f"{owner}.baselines"
        for name, count in Counter(one.name for one in declaring.baselines).items():
            if count > 1:
                yield key, f"{name!r} is declared {count} times; names are unique"
        for place, one in enumerate(declaring.baselines):
            yield from _baseline(f"{key}[{place}]", one, devices)


def _baseline(key: str, one: BaselineDeclaration, devices: Mapping[str, Device]) -> Faults:
    yield from _series(f"{key}.temperature", one.temperature, devices, TEMPERATURE_UNIT, (ReadingKind.GAUGE,))
    series = one.energy.series
    for position, reference in enumerate(series):
        place = f"{key}.energy.series[{position}]" if len(series) > 1 else f"{key}.energy.series"
        yield from _series(place, reference, devices, ENERGY_UNIT, COUNTED)
    carriers = {devices[reference.device].carrier for reference in series if reference.device in devices}
    if len(carriers) > 1:
        named = " and ".join(sorted(carrier or "none" for carrier in carriers))
        yield f"{key}.energy.series", f"expected series of one carrier, not of {named}"
    for reference, count in Counter(series).items():
        if count > 1:
            yield f"{key}.energy.series", f"{reference.quantity} of {reference.device!r} is named {count} times"
    yield from _prices(f"{key}.prices", one.prices)


def _series(
    key: str, reference: SeriesReference, devices: Mapping[str, Device], unit: str, kinds: Sequence[ReadingKind]
) -> Faults:
    device = devices.get(reference.device)
    if device is None:
        yield f"{key}.device", one_of(devices, reference.device)
        return
    declared: Mapping[str, SeriesDeclaration] = {series.quantity: series for series in device.series}
    series = declared.get(reference.quantity)
    if series is None:
        yield f"{key}.quantity", one_of(declared, reference.quantity)
    elif series.definition.unit != unit or series.reading_kind not in kinds:
        kind = " or ".join(kinds)
        found = f"{reference.quantity} is a {series.reading_kind} in {series.definition.unit}"
        yield f"{key}.quantity", f"expected a {kind} in {unit}; {found}"


def _prices(key: str, prices: Sequence[Price]) -> Faults:
    for index, price in enumerate(prices):
        if price.unit != prices[0].unit:
            yield f"{key}[{index}].unit", f"expected {prices[0].unit}, as the first price; not {price.unit}"
    for (_, one), (later, other) in combinations(enumerate(prices), 2):
        if one.overlaps(other):
            yield f"{key}[{later}]", "another price holds on some of the same days; expected days that do not overlap"
