"""Which devices count for an indicator and a subject, and from when to when, so that nothing is counted twice.

A device counts while no chosen device above it does: a submeter of a meter that was installed later counts until then,
and one that is moved to another meter is counted with that one from that day on. An overlap that the city file leaves
open is refused for its days, never guessed. Pure; times are microseconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple

from ingest.model.catalogue import Series
from ingest.model.city.assets import Device
from ingest.model.sentences import Sentence
from ingest.model.spans import FOREVER, Span, clip, difference, intersection, union
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.meter_entry import MeterEntry
from kpi_engine.boundary.meter_table import MeterTable
from kpi_engine.indicator import Feeding, Needs, Selection

Spans = Sequence[Span]

CIRCLE: Final = Sentence(
    "the meters {names} are submeters of each other, so none of them is a main meter (submeter_of)"
)
UNFED: Final = Sentence(
    "{device} stands at the site of {feeder} and is no submeter of a {type}: whether its energy is part of what "
    "{feeder} counts is not known (submeter_of)"
)
SERVED: Final = Sentence(
    "{lower} stands at {site}, which {served_by} serves, and is no submeter: whether its energy is part of what "
    "{upper} counts is not known (submeter_of)"
)


class NoFigure(NamedTuple):
    """Why there can be no figure of a period that has a part in [start, end)."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class MeterSet:
    """What counts: entries by name, where and when devices stand, and when and why there can be no figure."""

    entries: tuple[MeterEntry, ...] = ()
    sites: tuple[tuple[str, int, int], ...] = ()
    refusals: tuple[NoFigure, ...] = ()

    @cached_property
    def carriers(self) -> frozenset[str | None]:
        """The carriers of the entries."""
        return frozenset(one.carrier for one in self.entries)

    @cached_property
    def table(self) -> MeterTable:
        """The entries in columns."""
        return MeterTable(self.entries)

    def refused(self, start: int = -FOREVER, end: int = FOREVER) -> str | None:
        """Return why there can be no figure of a period that is [start, end), or of any, if so."""
        return next((one.reason for one in self.refusals if one.start < end and start < one.end), None)


def counted_meters(
    topology: Topology, devices: Sequence[Device], series: Mapping[str, Mapping[str, Series]], needs: Needs
) -> MeterSet:
    """Return what counts among a subject's ``devices``; ``series`` are those of each device by its name."""
    chosen = {
        device.name: (device, one) for one in needs.selections for device in devices if topology.is_chosen(device, one)
    }
    if not chosen:  # as for most indicators of most sites
        return MeterSet()
    every = [device for device, _ in chosen.values()]
    above = {device.name: _above(topology, device, chosen) if needs.nested else {} for device in every}
    alone = {device.name: _alone(topology, device, above[device.name], chosen) for device in every}
    is_whole = all(series[device.name].keys() >= set(one.quantities) for device, one in chosen.values())
    entries = [
        MeterEntry(
            device.name,
            _read(series[device.name], one.quantities),
            start,
            end,
            device.carrier,
            missing=topology.missing(device),
            beside=_read(series[device.name], () if is_whole or one.beside is None else (one.beside,)),
        )
        for device, one in chosen.values()
        for start, end in alone[device.name]
    ]
    topmost = [(d, outermost(topology, d, above[d.name])) for d in every if d.carrier and needs.nested]
    refusals = chain(_circles(above), _unfed(topology, every, alone, needs.feeding), served(topology, topmost))
    return MeterSet(tuple(entries), _presence(topology, every), tuple(refusals))


def _read(series: Mapping[str, Series], quantities: Sequence[str]) -> dict[str, Series]:
    return {quantity: series[quantity] for quantity in quantities if quantity in series}


def _above(topology: Topology, device: Device, chosen: Mapping[str, object]) -> dict[str, list[Span]]:
    return {name: spans for name, spans in topology.above(device).items() if name in chosen}


def _alone(
    topology: Topology, device: Device, above: Mapping[str, Spans], chosen: Mapping[str, tuple[Device, Selection]]
) -> list[Span]:
    """Return when ``device`` is valid and no device above it is."""
    taken = [intersection([topology.validity(chosen[name][0])], spans) for name, spans in above.items()]
    return difference(topology.validity(device), chain.from_iterable(taken))


def outermost(topology: Topology, device: Device, above: Mapping[str, Spans]) -> list[Span]:
    """Return when ``device`` is valid and declared to be below none of ``above``."""
    return difference(topology.validity(device), chain.from_iterable(above.values()))


def _presence(topology: Topology, devices: Iterable[Device]) -> tuple[tuple[str, int, int], ...]:
    """Return for each site from when to when a device stands there, apart where there was none in between."""
    found: dict[str, list[Span]] = {}
    for device in devices:
        found.setdefault(device.site, []).append(topology.validity(device))
    return tuple((site, *span) for site, spans in sorted(found.items()) for span in union(spans))


def _circles(above: Mapping[str, Mapping[str, Spans]]) -> Iterator[NoFigure]:
    for name, uppers in above.items():
        for span in uppers.get(name, ()):
            names = ", ".join(uppers)
            reason = CIRCLE.of(names=names)
            yield NoFigure(*span, reason)


def _unfed(
    topology: Topology, devices: Sequence[Device], alone: Mapping[str, Spans], feeding: Feeding | None
) -> Iterator[NoFigure]:
    """Yield devices that stand beside a feeder without a word on whether it feeds them."""
    feeders: dict[str, list[Device]] = {}
    for device in (one for one in devices if feeding and one.type == feeding.upper):
        feeders.setdefault(device.site, []).append(device)
    for device in (one for one in devices if feeding and one.type == feeding.lower):
        for feeder in feeders.get(device.site, ()):
            reason = UNFED.of(device=device.name, feeder=feeder.name, type=feeder.type)
            yield from (NoFigure(*span, reason) for span in clip(topology.validity(feeder), alone[device.name]))


def served(topology: Topology, topmost: Sequence[tuple[Device, Spans]]) -> Iterator[NoFigure]:
    """Yield every two meters of which one may contain the other, since its site serves the other's."""
    for upper, above in topmost:
        supplied = topology.supplied(upper.site, upper.carrier) if above else {}
        for lower, below in topmost if supplied else ():
            if lower.carrier == upper.carrier and lower.site in supplied:
                reason = SERVED.of(lower=lower.name, site=lower.site, served_by=upper.site, upper=upper.name)
                spans = intersection(intersection(above, below), supplied[lower.site])
                yield from (NoFigure(*span, reason) for span in spans)
