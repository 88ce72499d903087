"""What no single field of a city file can know: references, uniqueness, what facts mean, what a device may report.

Each rule yields (key, what was expected) for every fault it finds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from ingest.model.alarm import Rule
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.city import (
    baseline_consistency,
    binding_consistency,
    location,
    open_data,
    privacy_consistency,
    topology,
)
from ingest.model.city.assets import AlarmLimits, City, Device, Fact, SeriesDeclaration, Site
from ingest.model.city.dated import gap_faults, order_faults
from ingest.model.city.facts import FACTS
from ingest.model.city.groups import group_faults
from ingest.model.declarations.expected import nearest, one_of
from ingest.model.quantities.carrier import CARRIERS, WITH_FACTOR
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import ReadingKind
from ingest.model.verticals import VERTICALS

FACTOR_UNIT: Final = "kg/kWh"

Faults = Iterator[tuple[str, str]]


def faults(city: City) -> Faults:
    """Yield every inconsistency of a city whose fields are valid each by itself."""
    yield from _repeated("sites", (site.name for site in city.sites))
    yield from _repeated("devices", (device.name for device in city.devices))
    yield from _repeated("devices.native_id", (device.address for device in city.devices))
    former = [device.former_native_id for device in city.devices if device.former_native_id]
    yield from _repeated("devices.former_native_id", former)
    yield from _facts("facts", city.facts)
    for index, site in enumerate(city.sites):
        yield from _facts(f"sites[{index}].facts", site.facts)
        yield from _alarms(f"sites[{index}].alarms", site.alarms, ALARM_RULES)
    sites = {site.name: site for site in city.sites}
    for index, device in enumerate(city.devices):
        yield from _device(f"devices[{index}]", device, sites)
    yield from location.faults(city)
    yield from binding_consistency.faults(city)
    yield from topology.faults(city)
    yield from _factors(city)
    yield from baseline_consistency.faults(city)
    yield from group_faults(city.groups, city.sites, city.devices)
    yield from privacy_consistency.faults(city)
    if city.open_data:
        yield from open_data.group_faults("open_data", city.open_data.groups, city.groups)


def _repeated(key: str, names: Iterable[str]) -> Faults:
    for name, count in Counter(names).items():
        if count > 1:
            yield key, f"{name!r} is declared {count} times; names are unique"


def _facts(key: str, facts: Sequence[Fact]) -> Faults:
    for index, fact in enumerate(facts):
        if (definition := FACTS.get(fact.name)) is not None:
            low, high = definition.plausible
            if fact.unit != definition.unit:
                yield f"{key}[{index}].unit", f"expected {definition.unit} for {fact.name}, not {fact.unit!r}"
            if not low <= fact.value <= high:
                yield f"{key}[{index}].value", f"expected {low:g} to {high:g} {definition.unit}, not {fact.value:g}"
    yield from _overlapping(key, facts)


def _overlapping(key: str, facts: Sequence[Fact]) -> Faults:
    """One fact of a name holds on any day: otherwise the figure that uses it would depend on the order of lines."""
    for one, (second, other) in ((one, later) for (_, one), later in combinations(enumerate(facts), 2)):
        if one.name == other.name and one.overlaps(other):
            yield (
                f"{key}[{second}]",
                f"{other.name!r} is given as {one.value:g} too for some of the same days; "
                "expected valid_from and valid_to that do not overlap",
            )


def _device(key: str, device: Device, sites: dict[str, Site]) -> Faults:
    yield from _repeated(f"{key}.series", (series.quantity for series in device.series))
    yield from _replacements(key, device)
    reported = frozenset(series.quantity for series in device.series)
    applying = {rule.name: rule for rule in ALARM_RULES.values() if rule.applies_to(device.type, reported)}
    yield from placed(key, device.site, device.type, sites)
    if device.site in sites:
        yield from _reported(key, device, sites[device.site])
        of_site = sites[device.site].alarms
        applying |= {name: of_site[name].over(rule) for name, rule in applying.items() if name in of_site}
    yield from _alarms(f"{key}.alarms", device.alarms, applying)


def _alarms(key: str, declared: Mapping[str, AlarmLimits], rules: Mapping[str, Rule]) -> Faults:
    """Yield rules that do not apply, whose limits nobody would miss, and thresholds that would never let go."""
    for name, limits in declared.items():
        if name not in rules:
            yield f"{key}.{name}", one_of(rules, name)
            continue
        rule, changed = rules[name], limits.over(rules[name])
        clear = changed.cleared.threshold
        if changed.raised.threshold == clear or changed.is_above != rule.is_above:
            side = "below" if rule.is_above else "above"
            yield f"{key}.{name}.threshold", f"expected a clear_threshold ({clear:g} {rule.unit}) {side} the threshold"


def _replacements(key: str, device: Device) -> Faults:
    registers = {series.quantity for series in device.series if series.reading_kind is ReadingKind.REGISTER}
    for index, one in enumerate(device.replacements):
        if index and one.at <= device.replacements[index - 1].at:
            yield f"{key}.replacements[{index}].at", "expected a later instant than that of the replacement before"
        for name, readings in (("closing", one.closing), ("opening", one.opening)):
            for quantity in sorted(readings.keys() - registers):
                expected = ", ".join(sorted(registers)) or "none: this device has no registers"
                yield (
                    f"{key}.replacements[{index}].{name}.{quantity}",
                    f"expected registers of this device, {expected}{nearest(registers, quantity)}",
                )


def placed(key: str, site: str, kind: str, sites: Mapping[str, Site]) -> Faults:
    """Yield where a device says a site that there is not, or a type that its site's vertical has not."""
    if site not in sites:
        yield f"{key}.site", one_of(sites, site)
    elif (vertical := VERTICALS[sites[site].vertical]).device_type(kind) is None:
        names = [known.name for known in vertical.device_types]
        yield f"{key}.type", f"{one_of(names, kind)} (site {site} is of {vertical.name})"


def _reported(key: str, device: Device, site: Site) -> Faults:
    device_type = VERTICALS[site.vertical].device_type(device.type)
    if device_type is None:
        return
    for position, series in enumerate(device.series):
        yield from _dated(f"{key}.series[{position}]", series)
        if series.quantity not in device_type.quantities:
            allowed = ", ".join(device_type.quantities)
            expected = f"expected what a {device_type.name} reports, {allowed}; not {series.quantity!r}"
            yield f"{key}.series[{position}].quantity", expected
    yield from topology.flow_faults(key, device, device_type)


def _dated(key: str, series: SeriesDeclaration) -> Faults:
    yield from order_faults(f"{key}.unit", series.unit)
    yield from gap_faults(f"{key}.unit", series.unit, "unit")
    yield from order_faults(f"{key}.register_contract", series.register_contract)


def _factors(city: City) -> Faults:
    metered = [one.name for one in CARRIERS.values() if one.has_factor]
    for key, carriers, with_factor in (
        ("factors", city.factors, WITH_FACTOR),
        ("factor_series", city.factor_series, metered),
    ):
        for name in carriers:
            if name not in with_factor:
                yield f"{key}.{name}", f"expected a carrier, {' or '.join(with_factor)}{nearest(with_factor, name)}"
    for carrier, choices in city.factors.items():
        yield from order_faults(f"factors.{carrier}", choices)
    devices = {device.name: device for device in city.devices}
    for carrier, reference in city.factor_series.items():
        key, target = f"factor_series.{carrier}", devices.get(reference.device)
        if target is None or reference.quantity not in {series.quantity for series in target.series}:
            yield key, "expected a device of this city and a quantity that it reports"
        elif (unit := QUANTITIES[reference.quantity].unit) != FACTOR_UNIT:
            yield key, f"expected a quantity in {FACTOR_UNIT}; {reference.quantity} is in {unit}"
