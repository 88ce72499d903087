"""What the definition of a figure is made of, item by item, so that a change of it can be told in words. Pure.

What holds on some days only is an item of those days: where nothing else changed, no other figure is due.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from ingest.model.city.missing import Missing
from ingest.model.spans import ALWAYS, Span, union
from ingest.wording import first_of
from kpi_engine.engine.causes import Moved
from kpi_engine.indicator import Indicator
from kpi_engine.ports.port import Dated
from kpi_engine.subjects.subject import Subject

FORM: Final = {"items: 2": ""}  # 1: none of them had days
_ON, _TO = "@", ".."

Parts = Mapping[str, Mapping[str, str]]  # by indicator, the digest of each item by its name

NAMED: Final = 3  # items that are named; a new city file may move a thousand


def parts(subject: Subject) -> Parts:
    """Return by indicator everything but readings that decides the subject's figures."""
    return {indicator.name: FORM | _digests(_items(subject, indicator)) for indicator in subject.indicators}


def moved(old: Parts, new: Parts) -> dict[str, Moved]:
    """Return by indicator what differs between two definitions; nothing where nothing is known of the old one."""
    return {name: _moved(old[name], items) for name, items in new.items() if old.get(name, {}).keys() >= FORM.keys()}


def _digests(items: Iterator[Dated]) -> dict[str, str]:
    states: dict[str, list[object]] = {}
    for item, state, span in items:
        if span == ALWAYS:
            states[item] = [state]
        else:
            states.setdefault(f"{item}{_ON}{span[0]}{_TO}{span[1]}", []).append(state)
    return {item: _digest(every[0] if len(every) == 1 else every) for item, every in states.items()}


def _moved(old: Mapping[str, str], new: Mapping[str, str]) -> Moved:
    changed, gone = [item for item in new if old.get(item) != new[item]], old.keys() - new
    words = {item.partition(_ON)[0] for item in changed}
    words |= {f"{name} (gone)" for item in gone if (name := item.partition(_ON)[0]) not in words}
    spans = [_span(item) for item in (*changed, *gone)]
    is_dated = bool(spans) and ALWAYS not in spans
    return Moved(first_of(sorted(words), NAMED, "; ") or None, tuple(union(spans)) if is_dated else None)


def _span(item: str) -> Span:
    start, _, end = item.partition(_ON)[2].partition(_TO)
    return (int(start), int(end)) if end else ALWAYS


def _items(subject: Subject, indicator: Indicator[Any]) -> Iterator[Dated]:
    yield from ((item, state, ALWAYS) for item, state in _undated(subject, indicator))
    for port in subject.ports_of(indicator).values():
        yield from port.dated_items()


def _undated(subject: Subject, indicator: Indicator[Any]) -> Iterator[tuple[str, object]]:
    counts = subject.meter_sets[indicator.name]
    yield "city file: timezone", subject.zone
    yield f"rule: version {indicator.rule_version}", ""
    if subject.membership:
        yield f"city file: members of {subject.group}", subject.membership.group.members
    devices: dict[str, list[object]] = {}
    for meter in counts.entries:
        read = sorted((quantity, series.series_id) for quantity, series in {**meter.series, **meter.beside}.items())
        filled = () if meter.missing is Missing.SHARE else (meter.missing.value,)
        devices.setdefault(meter.name, []).append((meter.valid_from, meter.valid_to, read, meter.role, *filled))
    for name, spans in devices.items():
        yield f"city file: device {name}", sorted(map(repr, spans))
    if counts.refusals:
        yield "city file: meters of which one may contain another", counts.refusals
    if indicator.name in subject.days_kept:
        yield "city file: a baseline of its days", ""


def _digest(state: object) -> str:
    return sha256(repr(state).encode()).hexdigest()[:8]
