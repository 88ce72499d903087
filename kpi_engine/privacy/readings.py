"""Whose readings figures are made of: of each subject and indicator, by what is measured, the devices and their days.

Figures that others take are read through: whoever knows the one knows of the other. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ingest.model.city.assets import City, Device, Site
from ingest.model.city.households import Days, Households, common, days_of, membership
from kpi_engine.subjects.subject import NO_PORTS, Subject, SubjectName, metrics_of

Reading = tuple[str, str]
"""A device and a quantity of it."""
Behind = frozenset[tuple[str, Days]]
"""Households, each with the days on which they are behind a figure."""

DECLARED: Final = "declared"  # the stream of figures that rest on no reading


@dataclass
class ReadingsOfFigures:
    """The readings of a city's figures; ``names``: device and quantity by series."""

    households: Households
    names: Mapping[int, str]
    _devices: Mapping[str, Device] = field(init=False)
    _of_device: dict[tuple[SubjectName, str], frozenset[Days]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._devices = {device.name: device for device in self._city.devices}

    @property
    def _city(self) -> City:
        return self.households.city

    def behind(self, subject: Subject, kpi: str) -> dict[str, Behind]:
        """Return by stream who is behind a figure; no stream where no household is."""
        found: dict[str, set[tuple[str, Days]]] = defaultdict(set)
        readings = set(self._read(subject, kpi, set()))
        for owner, (name, quantity) in readings:
            device = self._devices.get(name)
            for household in self.households.behind(device) if device else ():
                stream = f"{device.carrier or ''} {device.direction or ''} {quantity}" if device else ""
                found[stream] |= {(household, days) for days in self._days(owner, name)}
        if not readings:
            found[DECLARED] |= set(self._declared(subject.name))
        return {stream: frozenset(who) for stream, who in found.items() if who}

    def _read(
        self, subject: Subject, kpi: str, seen: set[tuple[SubjectName, str]]
    ) -> Iterator[tuple[SubjectName, Reading]]:
        """Yield whose reading it is for, and which; also those of figures that are taken."""
        if (subject.name, kpi) in seen or kpi not in subject.meter_sets:
            return
        seen.add((subject.name, kpi))
        entries = (one for meter in subject.meter_sets[kpi].entries for one in (meter.series, meter.beside))
        read = {series.series_id for one in entries for series in one.values()}
        ports = subject.ports.get(kpi, NO_PORTS)
        for series in read.union(*(port.series for port in ports.values())):
            device, _, quantity = self.names[series].partition("/")
            yield subject.name, (device, quantity)
        for port in metrics_of(ports).values():
            for owner, _ in port.owners:
                if other := subject.fellows.get(SubjectName(*owner)):
                    yield from self._read(other, port.metric.kpi, seen)

    def _days(self, owner: SubjectName, name: str) -> frozenset[Days]:
        """Return on which days a device is of a subject."""
        if (owner, name) not in self._of_device:
            device = self._devices[name]
            valid = common(days_of(device), days_of(self._sites[device.site]))
            group = next((one for one in self._city.groups if one.name == owner.group), None)
            spans = [valid] if group is None else [common(valid, days) for days in membership(group, device)]
            self._of_device[owner, name] = frozenset(days for days in spans if days[0] < days[1])
        return self._of_device[owner, name]

    def _declared(self, name: SubjectName) -> Iterator[tuple[str, Days]]:
        """Yield the households of a subject, whatever is measured there."""
        group = next((one for one in self._city.groups if one.name == name.group), None)
        for site in self._city.sites:
            if name.site in {None, site.name} and group is None:
                yield from ((household, days_of(site)) for household in self.households.at(site.name))
        for member in group.members if group else ():
            if member.site:
                days = common(days_of(member), days_of(self._sites[member.site]))
                yield from ((household, days) for household in self.households.at(member.site))
            elif (device := self._devices[member.device or ""]) is not None:
                days = common(days_of(member), days_of(device))
                yield from ((household, days) for household in self.households.behind(device))

    @property
    def _sites(self) -> Mapping[str, Site]:
        return {site.name: site for site in self._city.sites}
