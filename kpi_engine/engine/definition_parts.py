"""What the definition of a figure is made of, item by item, so that a change of it can be told in words. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from ingest.model.city.factor_choice import FactorBoundary
from ingest.wording import first_of
from kpi_engine.factors.choice import declared_factors, usable
from kpi_engine.factors.factor import Factor
from kpi_engine.indicator import Indicator
from kpi_engine.subjects.subject import Subject

Parts = Mapping[str, Mapping[str, str]]  # by indicator, the digest of each item by its name

NAMED: Final = 3  # items that are named; a new city file may move a thousand


def parts(subject: Subject, factors: Sequence[Factor]) -> Parts:
    """Return by indicator everything but readings that decides the subject's figures."""
    return {
        indicator.name: {item: _digest(state) for item, state in _items(subject, indicator, factors)}
        for indicator in subject.indicators
    }


def moved(old: Parts, new: Parts) -> dict[str, str | None]:
    """Return by indicator in words what differs between two definitions; None where nothing is known of the old one."""
    return {name: _named(old[name], items) if name in old else None for name, items in new.items()}


def _named(old: Mapping[str, str], new: Mapping[str, str]) -> str | None:
    changed = [item for item in new if old.get(item) != new[item]] + [f"{item} (gone)" for item in old.keys() - new]
    return first_of(sorted(changed), NAMED, "; ") or None


def _items(subject: Subject, indicator: Indicator[Any], factors: Sequence[Factor]) -> Iterator[tuple[str, object]]:
    counts = subject.meter_sets[indicator.name]
    yield "city file: timezone", subject.zone
    yield f"rule: version {indicator.rule_version}", ""
    if subject.membership:
        yield f"city file: members of {subject.group}", subject.membership.group.members
    devices: dict[str, list[object]] = {}
    for meter in counts.entries:
        read = sorted((quantity, series.series_id) for quantity, series in {**meter.series, **meter.beside}.items())
        devices.setdefault(meter.name, []).append((meter.valid_from, meter.valid_to, read, meter.role))
    for name, spans in devices.items():
        yield f"city file: device {name}", sorted(map(repr, spans))
    if counts.refusals:
        yield "city file: meters of which one may contain another", counts.refusals
    if indicator.needs.dated_factor:
        yield from _factors(subject, indicator, factors)
    if hourly := subject.hourly_factor(indicator):
        yield f"city file: factor_series {hourly.device}/{hourly.quantity}", hourly.series_id
    for port in subject.ports_of(indicator).values():
        yield from port.items()
    if indicator.name in subject.days_kept:
        yield "city file: a baseline of its days", ""
    if need := indicator.needs.fact:
        yield "city file: where devices stand", counts.sites
        yield from ((f"city file: {need.name} of {site}", facts) for site, facts in subject.facts_of(indicator).items())


def _factors(subject: Subject, indicator: Indicator[Any], factors: Sequence[Factor]) -> Iterator[tuple[str, object]]:
    if (boundary := subject.city.factor_boundary) is not FactorBoundary.ONE:
        yield "city file: factor_boundary", boundary.value
    for carrier in indicator.needs.carriers:
        yield f"city file: factors.{carrier}", declared_factors(subject.city, carrier)
        versions: dict[str, list[Factor]] = {}
        for factor in usable(subject.city, (carrier,), factors):
            versions.setdefault(f"factor {factor.name}: version {factor.version}", []).append(factor)
        yield from versions.items()


def _digest(state: object) -> str:
    return sha256(repr(state).encode()).hexdigest()[:8]
