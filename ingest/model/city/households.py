"""Whose data the readings of a city are: households, one by one where devices name them, or so many of a site.

A site says how many households are behind its meters; a device which one of them it is of, where it is of one alone.
The meters of a plant that serves fewer than the minimum tell as much of these as their own would. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final

from ingest.model.city.assets import City, Device, Site
from ingest.model.city.groups import Group
from ingest.model.city.privacy import USUAL
from ingest.model.city.validity import Validity

Days = tuple[date, date]
"""Civil days [first, end)."""
Part = tuple[str, int]
"""A household, or the unnamed ones of a site, on the days of one stretch of a month."""

ALWAYS: Final[Days] = (date.min, date.max)
REST: Final = "*"  # in place of a name: those of a site that no device names


@dataclass(frozen=True)
class Households:
    """The households of a city, by site: names as ``site/household`` with how many each stands for."""

    city: City
    of_site: Mapping[str, Mapping[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "of_site", _of_sites(self.city))

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """How many households each name stands for."""
        return {name: count for site in self.of_site.values() for name, count in site.items()}

    @property
    def minimum(self) -> int:
        """Of how many households anything must be that evaluators see."""
        return (self.city.privacy or USUAL).minimum_households

    def count(self, names: frozenset[str]) -> int:
        """Return how many households these are."""
        return sum(self.weights[name] for name in names)

    def behind(self, device: Device) -> frozenset[str]:
        """Return whose data the readings of a device are."""
        if device.household:
            return frozenset({f"{device.site}/{device.household}"})
        return frozenset(self.of_site[device.site]) | self._served[device.site]

    def at(self, site: str) -> frozenset[str]:
        """Return whose data a site has: of those who live there, and of few who are served from there."""
        return frozenset(self.of_site[site]) | self._served[site]

    @cached_property
    def sites(self) -> frozenset[str]:
        """The sites whose meters tell of households."""
        return frozenset(name for name in self.of_site if self.at(name))

    @cached_property
    def _served(self) -> Mapping[str, frozenset[str]]:
        """Who is served by each site, directly or through others, where these are fewer than the minimum."""
        serving = {site.name: [one.site for one in site.serves] for site in self.city.sites}
        found = {}
        for site in serving:
            reached, ahead = {site}, [site]
            while ahead:
                new = set(serving.get(ahead.pop(), ())) - reached
                reached |= new
                ahead += new
            names = frozenset(name for one in reached - {site} for name in self.of_site.get(one, ()))
            found[site] = names if self.count(names) < self.minimum else frozenset()
        return found


def days_of(declared: Validity) -> Days:
    """Return the days on which something declared holds."""
    return declared.valid_from or date.min, declared.valid_to or date.max


def common(*every: Days) -> Days:
    """Return the days that are in each of these; the end may be before the beginning."""
    return max(first for first, _ in every), min(end for _, end in every)


def membership(group: Group, device: Device) -> Iterator[Days]:
    """Yield the days on which a device belongs to a group, itself or through its site."""
    for one in group.members:
        if device.name == one.device or device.site == one.site:
            yield days_of(one)


def epochs(city: City, beside: Iterable[date] = ()) -> list[tuple[Days, tuple[date, ...]]]:
    """Return stretches of whole months in which nothing changes, and months in which something does, on which days.

    ``beside``: days on which something changed that the city no longer says.
    """
    dated: list[Validity] = [*city.sites, *city.devices, *(one for group in city.groups for one in group.members)]
    changes = sorted({day for one in dated for day in one.days}.union(beside) - {date.min, date.max})
    edges = {date.min, date.max}
    for day in changes:
        edges |= {day.replace(day=1), day if day.day == 1 else next_month(day)}
    return [
        ((first, end), tuple(day for day in changes if first < day < end)) for first, end in pairwise(sorted(edges))
    ]


def parts(names: frozenset[str], days: Days, within: Days, changes: tuple[date, ...]) -> frozenset[Part]:
    """Return households on ``days`` as far as they lie in an epoch, by the stretches between its changes."""
    stretches = pairwise((within[0], *changes, within[1]))
    there = [number for number, one in enumerate(stretches) if max(one[0], days[0]) < min(one[1], days[1])]
    return frozenset((name, number) for name in names for number in there)


def _of_sites(city: City) -> dict[str, dict[str, int]]:
    named: dict[str, set[str]] = {site.name: set() for site in city.sites}
    for device in city.devices:
        if device.household:
            named.setdefault(device.site, set()).add(device.household)
    return {site.name: _of_site(site, named[site.name]) for site in city.sites}


def _of_site(site: Site, named: set[str]) -> dict[str, int]:
    found = {f"{site.name}/{household}": 1 for household in sorted(named)}
    unnamed = (site.households or 0) - len(named)
    return found | ({f"{site.name}/{REST}": unnamed} if unnamed > 0 else {})


def next_month(day: date) -> date:
    """Return the first day of the month after that of ``day``."""
    if (day.year, day.month) == (date.max.year, date.max.month):
        return date.max
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
