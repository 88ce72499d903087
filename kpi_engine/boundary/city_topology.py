"""A city's topology in time: which meters stand above which, and which sites serve which, from when to when.

Links hold on the days that the city file gives them. Pure; times are microseconds.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from ingest.model.city.assets import City, Device, Direction
from ingest.model.city.missing import Missing
from ingest.model.quantities.carrier import CARRIERS, EVERYWHERE
from ingest.model.spans import ALWAYS, Span, clip, intersection, span_of, union
from kpi_engine.indicator import Selection

Links = Mapping[str, Sequence[tuple[str, Span]]]


class Topology:
    """The devices of a city by name, the vertical of each site, and what stands above each device."""

    def __init__(self, city: City) -> None:
        zone = city.timezone
        self._missing = city.missing
        self._devices = {device.name: device for device in city.devices}
        self._reported = {device.name: {series.quantity for series in device.series} for device in city.devices}
        self._validity = {device.name: span_of(device, zone) for device in city.devices}
        self.sites = {site.name: site for site in city.sites}
        self._at: dict[str, list[Device]] = {}
        self._carried_by: dict[str | None, list[Device]] = {}
        self._below: dict[str, list[Device]] = {}
        for device in city.devices:
            self._at.setdefault(device.site, []).append(device)
            self._carried_by.setdefault(device.carrier, []).append(device)
            for name in dict.fromkeys(link.meter for link in device.submeter_of):
                self._below.setdefault(name, []).append(device)
        self._above = {d.name: [(one.meter, span_of(one, zone)) for one in d.submeter_of] for d in city.devices}
        self.shared: dict[Hashable, Any] = {}  # what is true of the whole city, found once for each of its sites
        self._serves = {site.name: [(one.site, span_of(one, zone)) for one in site.serves] for site in city.sites}
        self.serving = tuple(site.name for site in city.sites if site.serves)
        self.producing = frozenset(device.site for device in city.devices if device.direction is Direction.PRODUCTION)
        self._served_from: dict[str, dict[str, list[Span]]] = {}

    @property
    def devices(self) -> list[Device]:
        """Every device of the city."""
        return list(self._devices.values())

    def of_carrier(self, carrier: str) -> Sequence[Device]:
        """Return the devices of one carrier, in the order of the city file."""
        return self._carried_by.get(carrier, ())

    def at(self, site: str) -> Sequence[Device]:
        """Return the devices of a site, in the order of the city file."""
        return self._at.get(site, ())

    def below(self, meter: str) -> Sequence[Device]:
        """Return the devices that are ever declared right below ``meter``, in the order of the city file."""
        return self._below.get(meter, ())

    def validity(self, device: Device) -> Span:
        """Return [from, to) in which a device is valid."""
        return self._validity[device.name]

    def missing(self, device: Device) -> Missing:
        """Return what stands for ``device`` where it is missing: as it says, else as its city does."""
        return device.missing or self._missing

    def is_chosen(self, device: Device, one: Selection) -> bool:
        """Return whether ``device`` belongs to a selection."""
        return (
            (one.carrier is None or (one.carrier == device.carrier and device.direction is one.direction))
            and (not one.device_types or device.type in one.device_types)
            and (not one.verticals or self.sites[device.site].vertical in one.verticals)
            and (not one.only_reporting or self._reported[device.name].issuperset(one.quantities))
        )

    def above(self, device: Device) -> dict[str, list[Span]]:
        """Return when which devices stand above one; among them is the device itself where they go in circles."""
        found = _reached({device.name: [ALWAYS]}, self._above)
        return {name: spans for name, spans in found.items() if name in self._devices}

    def linked(self, device: Device, meter: str | None = None) -> list[Span]:
        """Return when ``device`` is declared a submeter of ``meter``, or of any."""
        return [span for name, span in self._above[device.name] if meter in {None, name}]

    def reached(self, sites: Iterable[str]) -> dict[str, list[Span]]:
        """Return ``sites``, always, and when which others are served by them, directly or through others."""
        return self.reached_from({site: [ALWAYS] for site in sites})

    def served_by(self, site: str) -> dict[str, list[Span]]:
        """Return from which sites ``site`` is served, directly or through others, and when; not from itself."""
        for one in self.serving:
            if one not in self._served_from:  # every site that is served asks
                self._served_from[one] = self.reached({one})
        found = ((one, self._served_from[one].get(site)) for one in self.serving if one != site)
        return {one: spans for one, spans in found if spans}

    def reached_from(self, begun: Mapping[str, list[Span]]) -> dict[str, list[Span]]:
        """Return when ``begun`` sites take part, and when which others are served by them while they do."""
        found = _reached(dict(begun), self._serves)
        return found | {site: union([*spans, *found.get(site, ())]) for site, spans in begun.items()}

    def supplied(self, site: str, carrier: str | None) -> dict[str, list[Span]]:
        """Return the sites that get ``carrier`` from ``site``, and when; what is served heat gets no electricity by it.

        A site of a producer supplies what it produces, so what is metered there is its own use.
        """
        if not self._serves.get(site):
            return {}
        here = {device.direction for device in self.at(site) if device.carrier == carrier}
        if Direction.PRODUCTION in here:
            return {}
        found: dict[str, list[Span]] = {}
        for one, span in self._serves.get(site, ()):
            sites = self.reached({one})
            if self._carried(sites) == carrier:
                for name, spans in sites.items():
                    found[name] = union([*found.get(name, ()), *clip(span, spans)])
        return {name: spans for name, spans in found.items() if name != site}

    def _carried(self, sites: Mapping[str, object]) -> str:
        metered = {device.carrier for site in sites for device in self.at(site)}
        return next((carrier for carrier in CARRIERS if carrier in metered - {EVERYWHERE}), EVERYWHERE)


def _reached(begun: Mapping[str, list[Span]], links: Links) -> dict[str, list[Span]]:
    """Return what ``links`` lead to from what is ``begun`` with, and when; the nearest first."""
    found: dict[str, list[Span]] = {}
    ahead = list(begun)
    while ahead:
        name = ahead.pop(0)
        held = union([*begun.get(name, ()), *found.get(name, ())])
        for target, span in links.get(name, ()):
            spans = union([*found.get(target, ()), *intersection(held, [span])])
            if spans and spans != found.get(target):
                found[target] = spans
                ahead.append(target)
    return found
