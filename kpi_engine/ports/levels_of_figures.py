"""Which indicators take figures of which: levels, of which each takes figures of those before it only. Pure."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from ingest.errors import ExtensionError
from ingest.model.calendar import Period
from kpi_engine.indicator import Indicator
from kpi_engine.ports.metric import DAILY, Metric, MetricPeriod, Relation

_OWN_DAYS = (Relation.SUBJECT, Relation.CITY)  # whose days are kept where those of what takes them are


def metrics(indicator: Indicator[Any]) -> tuple[Metric, ...]:
    """Return the ports by which an indicator takes other figures."""
    return tuple(port for port in indicator.ports if isinstance(port, Metric))


def levels(indicators: Mapping[str, Indicator[Any]]) -> tuple[frozenset[str], ...]:
    """Return the names of indicators by level; raises ExtensionError where a figure would be made of itself.

    So too where one that is taken does not exist, has no figures of the same periods, or is of closed periods only.
    """
    above = {name: {port.kpi for port in metrics(one)} for name, one in indicators.items()}
    for one in indicators.values():
        for port in metrics(one):
            _check(one, port, indicators)
    found: list[frozenset[str]] = []
    while above:
        ready = frozenset(name for name, taken in above.items() if taken.isdisjoint(above))
        if not ready:
            raise ExtensionError(f"{_circle(above)}: no figure can be made of itself; take one of these ports away")
        found.append(ready)
        above = {name: taken for name, taken in above.items() if name not in ready}
    return tuple(found)


def _check(one: Indicator[Any], port: Metric, indicators: Mapping[str, Indicator[Any]]) -> None:
    where = f"{one.name} takes figures of {port.kpi}"
    if port.kpi not in indicators:
        raise ExtensionError(f"{where}, and no indicator has this name; known are {', '.join(sorted(indicators))}")
    taken = indicators[port.kpi]
    if taken.closed_only and not one.closed_only:
        raise ExtensionError(f"{where}, which has none before its period has ended; expected closed_only=True here too")
    taken_of = {MetricPeriod.SAME: one.periods, **dict.fromkeys(DAILY, (Period.DAY,))}.get(port.period, ())
    if lacking := [period.value for period in taken_of if period not in taken.periods]:
        raise ExtensionError(f"{where}, which has none of a {', '.join(lacking)}; expected periods that it has")
    if port.relation not in _OWN_DAYS and Period.DAY in taken_of:
        raise ExtensionError(f"{where} of sites, whose days are not kept; expected months and years alone")


def _circle(above: Mapping[str, set[str]]) -> str:
    """Return names along one circle, the first one again at its end."""
    path = [min(above)]
    while path[-1] not in path[:-1]:
        path.append(min(above[path[-1]] & above.keys()))
    return " takes ".join(chain(path[path.index(path[-1]) : -1], [path[-1]]))
