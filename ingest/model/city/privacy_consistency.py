"""Groups of a city file that would single households out: too small, or small in what they leave over of each other.

Held against each other are the city, the sites that are of enough households to be seen themselves, and the groups: not
pair by pair, but with everything that sums and differences of them come to.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from ingest.model.city.assets import City
from ingest.model.city.disclosure import Parts, least_telling, visible
from ingest.model.city.households import Days, Households, common, days_of, epochs, membership, parts

Faults = Iterator[tuple[str, str]]
Named = tuple[str, str]
"""A kind of subject (city, site, group), and its name."""

CITY, SITE, GROUP = "city", "site", "group"
NAMED_HOUSEHOLDS = 6  # in a sentence


def faults(city: City) -> Faults:
    """Yield groups by which households could be singled out, and such whose members change within a month."""
    households = Households(city)
    if not households.weights or not city.groups:
        return
    yield from _changing_within_a_month(city, households)
    told: set[str] = set()
    places = {group.name: index for index, group in enumerate(city.groups)}
    for within, changes in epochs(city):
        figures = _declared(households, within, changes)
        shown = visible(figures, households.weights, households.minimum)
        for named in figures:
            kind, name = named
            if kind != GROUP or named in shown or name in told:
                continue
            told.add(name)
            against = {one: figures[one] for one in figures if one in shown} | {named: figures[named]}
            telling = least_telling(against, households.weights, households.minimum)
            yield (
                f"groups[{places[name]}]",
                _sentence(households, {one: figures[one] for one in telling}, named, within),
            )


def _declared(households: Households, within: Days, changes: tuple[date, ...]) -> dict[Named, Parts]:
    """Return the parts of the city, of sites that may be seen, and of groups: those of many households first.

    The city itself is left out where it is of too few: nobody can mend that, and its figures are withheld.
    """
    city = households.city
    sites = {site.name: site for site in city.sites}
    behind: dict[str, Parts] = {
        site.name: parts(frozenset(households.of_site[site.name]), days_of(site), within, changes)
        for site in city.sites
    }
    found: dict[Named, Parts] = {(CITY, city.name): frozenset().union(*behind.values())}
    found |= {(SITE, name): of for name, of in behind.items() if _count(households, of) >= households.minimum}
    for group in city.groups:
        of_group: Parts = frozenset()
        for one in group.members:
            if one.site:
                days = common(days_of(one), days_of(sites[one.site]))
                of_group |= parts(frozenset(households.of_site[one.site]), days, within, changes)
        for device in city.devices:
            if {device.name} & {one.device for one in group.members}:
                for days in membership(group, device):
                    both = common(days, days_of(device), days_of(sites[device.site]))
                    of_group |= parts(households.behind(device), both, within, changes)
        found[GROUP, group.name] = of_group
    if _count(households, found[CITY, city.name]) < households.minimum:
        del found[CITY, city.name]
    ranked = sorted(found, key=lambda named: (named[0] == GROUP, -_count(households, found[named]), named))
    return {named: found[named] for named in ranked if found[named]}


def _changing_within_a_month(city: City, households: Households) -> Faults:
    """Yield members with households that join or leave within a month: whose its figure is must be decided once."""
    devices = {device.name: device for device in city.devices}
    for index, group in enumerate(city.groups):
        for position, one in enumerate(group.members):
            names = households.of_site.get(one.site or "") or (
                households.behind(devices[one.device]) if one.device in devices else ()
            )
            for key, day in (("valid_from", one.valid_from), ("valid_to", one.valid_to)):
                if names and day is not None and day.day != 1:
                    yield (
                        f"groups[{index}].members[{position}].{key}",
                        f"expected the first day of a month, not {day}: of which households a figure is, is decided "
                        "once for a month, so that no difference of two periods tells of the one that changes",
                    )


def _count(households: Households, figure: Parts) -> int:
    return households.count(frozenset(name for name, _ in figure))


def _sentence(households: Households, telling: Mapping[Named, Parts], named: Named, within: Days) -> str:
    names = {one: frozenset(name for name, _ in figure) for one, figure in telling.items()}
    needed = f"expected none or at least {households.minimum} (privacy: minimum_households)"
    whole = max(telling, key=lambda one: (households.count(names[one]), one != named))
    others = [one for one in telling if one != whole]
    left = names[whole].difference(*(names[one] for one in others))
    parts_left = telling[whole].difference(*(telling[one] for one in others))
    when = "" if within[0] == date.min else f" from {within[0]} on"
    if not others:
        return f"{_called(whole)} is of {_of(households, left)}{when}; {needed}"
    if left and households.count(left) < households.minimum:
        without = " and ".join(map(_called, others))
        return f"{_called(whole)} without {without} is of {_of(households, left)}{when}; {needed}"
    if parts_left and not left:
        without = " and ".join(map(_called, others))
        return f"{_called(whole)} without {without} leaves days of few households{when}; {needed}"
    every = ", ".join(map(_called, telling))
    return f"sums and differences of {every} are of fewer than {households.minimum} households{when}; {needed}"


def _called(named: Named) -> str:
    kind, name = named
    return f"the whole city {name!r}" if kind == CITY else f"the {kind} {name!r}"


def _of(households: Households, names: frozenset[str]) -> str:
    count, shown = households.count(names), sorted(names)
    listed = ", ".join(shown[:NAMED_HOUSEHOLDS]) + (", ..." if len(shown) > NAMED_HOUSEHOLDS else "")
    return f"{count} household{'s' * (count != 1)} ({listed})"
