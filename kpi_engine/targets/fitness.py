"""Whether the targets that a city declares are ones that figures can be held against. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from ingest.model.calendar import Period
from ingest.model.city.assets import City
from ingest.model.city.targets import Target
from ingest.model.declarations.expected import one_of
from kpi_engine.indicator import Better, Indicator
from kpi_engine.indicators import INDICATORS

Faults = Iterator[tuple[str, str]]


def faults(city: City) -> Faults:
    """Yield (key, what was expected) for every target that no figure of its city, site or group can be held against."""
    yield from _of_subject("targets", city.targets, is_part=False)
    for index, site in enumerate(city.sites):
        yield from _of_subject(f"sites[{index}].targets", site.targets, is_part=True)
    for index, group in enumerate(city.groups):
        yield from _of_subject(f"groups[{index}].targets", group.targets, is_part=True)
        for number, target in enumerate(group.targets):
            if target.severity is not None:
                key = f"groups[{index}].targets[{number}].severity"
                yield key, "expected no severity: targets of groups raise no alarms, those of cities and sites do"


def unfit(target: Target, *, is_part: bool) -> Faults:
    """Yield (key within the target, what was expected) where its indicator is none, or cannot be held against it.

    ``is_part``: it is of a site or a group.
    """
    found = INDICATORS.get(target.indicator)
    if found is None:
        yield "indicator", one_of(INDICATORS, target.indicator)
        return
    if Period.YEAR not in found.periods:
        known = ", ".join(found.periods)
        yield "indicator", f"expected an indicator with figures of years; {found.name} has those of: {known}"
    if is_part and not found.of_sites:
        yield "indicator", f"expected an indicator of sites; {found.name} is a figure of a city alone"
    if target.better is None and found.better is Better.NEITHER:
        yield "better", f"expected lower or higher, since {found.name} itself does not say which way it is to move"
    if target.better is not None and found.better not in {Better.NEITHER, Better(target.better.value)}:
        yield "better", f"expected {found.better}, or no such key: that is the way {found.name} is to move"


def better(target: Target, indicator: Indicator[Any]) -> Better:
    """Return which way the figure of a fit target is to move."""
    return indicator.better if target.better is None else Better(target.better.value)


def _of_subject(key: str, targets: Sequence[Target], *, is_part: bool) -> Faults:
    first: dict[str, int] = {}
    for index, target in enumerate(targets):
        yield from ((f"{key}[{index}].{part}", expected) for part, expected in unfit(target, is_part=is_part))
        if (before := first.setdefault(target.indicator, index)) != index:
            yield f"{key}[{index}].indicator", f"expected one target of {target.indicator}; {key}[{before}] is another"
