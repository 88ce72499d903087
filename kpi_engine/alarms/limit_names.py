"""Whether the limits of figures that a city declares are ones that figures can be held against. Pure."""

from collections.abc import Iterator, Sequence

from ingest.model.calendar import Period
from ingest.model.city.assets import City
from ingest.model.city.figure_limit import FigureLimit, LimitPeriod
from ingest.model.declarations.expected import one_of
from kpi_engine.indicators import INDICATORS

Faults = Iterator[tuple[str, str]]


def faults(city: City) -> Faults:
    """Yield (key, what was expected) for every limit that no figure of its city or site can be held against."""
    yield from _of_subject("figure_limits", city.figure_limits, is_site=False)
    for index, site in enumerate(city.sites):
        yield from _of_subject(f"sites[{index}].figure_limits", site.figure_limits, is_site=True)


def _of_subject(key: str, limits: Sequence[FigureLimit], *, is_site: bool) -> Faults:
    first: dict[str, int] = {}
    for index, limit in enumerate(limits):
        yield from ((f"{key}[{index}].{part}", expected) for part, expected in _unfit(limit, is_site=is_site))
        if (before := first.setdefault(limit.name, index)) != index:
            yield f"{key}[{index}].name", f"expected another name; {key}[{before}] has it"


def _unfit(limit: FigureLimit, *, is_site: bool) -> Faults:
    found = INDICATORS.get(limit.indicator)
    if found is None:
        yield "indicator", one_of(INDICATORS, limit.indicator)
        return
    if Period(limit.period.value) not in found.periods:
        yield "period", f"expected one of {', '.join(found.periods)}, of which {found.name} has figures"
    if is_site and not found.of_sites:
        yield "indicator", f"expected an indicator of sites; {found.name} is a figure of a city alone"
    if is_site and limit.period is LimitPeriod.DAY:
        yield "period", "expected month or year: days of sites are computed when they are asked for, and not kept"
