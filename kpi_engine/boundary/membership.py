"""Who belongs to a group and from when to when, and what counts of it: at any time, what counts of its members then.

A group is a boundary that moves: between two days on which its members change, it counts as a site with their devices
would, nested meters and balances included. Pure; times are microseconds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from ingest.model.city.assets import City, Device
from ingest.model.city.groups import Group
from ingest.model.spans import Span, clip, span_of, union
from kpi_engine.boundary.meter_entry import MeterEntry
from kpi_engine.boundary.metering import MeterSet


@dataclass(frozen=True)
class Membership:
    """The members of one group of a city."""

    city: City
    group: Group

    @cached_property
    def devices(self) -> tuple[Device, ...]:
        """Every device that belongs to it at any time, itself or through its site, in the order of the city file."""
        return tuple(device for device in self.city.devices if self.spans(device))

    def spans(self, device: Device) -> list[Span]:
        """Return when ``device`` belongs to it, itself or through its site."""
        return union([*self._sites.get(device.site, ()), *self._alone.get(device.name, ())])

    def of_site(self, site: str) -> list[Span]:
        """Return when ``site`` belongs to it with all that stands there."""
        return self._sites.get(site, [])

    def stretches(self) -> Iterator[tuple[Span, list[Device]]]:
        """Yield the spans in which nobody joins or leaves, with the devices that belong to it then, if any."""
        spans = {device.name: self.spans(device) for device in self.devices}
        edges = sorted({edge for every in spans.values() for span in every for edge in span})
        for stretch in pairwise(edges):
            if there := [device for device in self.devices if clip(stretch, spans[device.name])]:
                yield stretch, there

    def counted(self, count: Callable[[Sequence[Device]], MeterSet]) -> MeterSet:
        """Return what ``count`` counts of the members of each stretch, in that stretch, put together."""
        found = [(stretch, count(devices)) for stretch, devices in self.stretches()]
        entries = (one for stretch, counts in found for one in _clipped(stretch, counts.entries))
        refusals = tuple(
            one._replace(start=start, end=end)
            for stretch, counts in found
            for one in counts.refusals
            for start, end in clip(stretch, [(one.start, one.end)])
        )
        return MeterSet(_joined(entries), _sites(found), refusals)

    @cached_property
    def _sites(self) -> dict[str, list[Span]]:
        return self._declared("site")

    @cached_property
    def _alone(self) -> dict[str, list[Span]]:
        return self._declared("device")

    def _declared(self, kind: str) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for one in self.group.members:
            if name := getattr(one, kind):
                found.setdefault(name, []).append(span_of(one, self.city.timezone))
        return {name: union(spans) for name, spans in found.items()}


def _clipped(stretch: Span, entries: Iterable[MeterEntry]) -> Iterator[MeterEntry]:
    for one in entries:
        for start, end in clip(stretch, [(one.valid_from, one.valid_to)]):
            yield replace(one, valid_from=start, valid_to=end)


def _joined(entries: Iterable[MeterEntry]) -> tuple[MeterEntry, ...]:
    """Return entries, those of one meter that follow each other as one: nothing changed for it in between."""
    found: list[MeterEntry] = []
    last: dict[tuple[str, str | None], int] = {}
    for one in entries:
        place = last.get((one.name, one.role))
        if place is not None and _goes_on(found[place], one):
            found[place] = replace(found[place], valid_to=one.valid_to)
        else:
            last[one.name, one.role] = len(found)
            found.append(one)
    return tuple(found)


def _goes_on(one: MeterEntry, following: MeterEntry) -> bool:
    whole = replace(following, valid_from=one.valid_from)
    return one.valid_to == following.valid_from and replace(one, valid_to=following.valid_to) == whole


def _sites(found: Iterable[tuple[Span, MeterSet]]) -> tuple[tuple[str, int, int], ...]:
    """Return for each site from when to when a device that counts stands there."""
    spans: dict[str, list[Span]] = {}
    for stretch, counts in found:
        for site, start, end in counts.sites:
            spans.setdefault(site, []).extend(clip(stretch, [(start, end)]))
    return tuple((site, *span) for site, every in sorted(spans.items()) for span in union(every))
