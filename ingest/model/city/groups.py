"""Groups of a city file: sites or devices that are looked at together, such as an intervention or a neighbourhood.

A group says who belongs to it and on which days; it owns nothing, and a site may belong to several.
"""

import operator
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Protocol

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from ingest.model.city.baseline import BaselineDeclaration
from ingest.model.city.targets import Target
from ingest.model.city.validity import Validity
from ingest.model.declarations.alternatives import exactly_one
from ingest.model.declarations.declaration import Declaration, Name
from ingest.model.declarations.expected import one_of

Faults = Iterator[tuple[str, str]]


class GroupMember(Validity):
    """On its days, a site with all its devices belongs to the group, or one ``device`` alone."""

    site: Name | None = None
    device: Name | None = None

    _one_of_both = model_validator(mode="after")(exactly_one("site", "device", "either a site or a device"))


def _named(entries: object) -> object:
    """Return the members of a list that may name sites alone."""
    if not isinstance(entries, list | tuple):
        return entries
    return [{"site": entry} if isinstance(entry, str) else entry for entry in entries]


def _written(entries: tuple[GroupMember, ...]) -> list[object]:
    return [
        one.site if one.site and not one.is_dated else one.model_dump(mode="json", exclude_none=True) for one in entries
    ]


GroupMembers = Annotated[
    tuple[GroupMember, ...],
    Field(min_length=1),
    BeforeValidator(_named, tuple[GroupMember | Name, ...]),
    PlainSerializer(_written),
]


class Group(Declaration):
    """Sites and devices that have figures together."""

    name: Name
    title: str | None = None
    description: str | None = None
    members: GroupMembers
    targets: tuple[Target, ...] = Field(default=(), exclude_if=operator.not_)  # kept as before them
    baselines: tuple[BaselineDeclaration, ...] = Field(default=(), exclude_if=operator.not_)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


class _Standing(_Named, Protocol):
    @property
    def site(self) -> str: ...


def group_faults(groups: Sequence[Group], sites: Sequence[_Named], devices: Sequence[_Standing]) -> Faults:
    """Yield groups of one name, members that there are not, and what belongs to a group twice on a day."""
    names, places = {site.name for site in sites}, {device.name: device.site for device in devices}
    for name, count in Counter(group.name for group in groups).items():
        if count > 1:
            yield "groups", f"{name!r} is declared {count} times; names are unique"
    for index, group in enumerate(groups):
        if group.name in names:
            yield f"groups[{index}].name", f"{group.name!r} is a site; expected a name of its own"
        for position, one in enumerate(group.members):
            key = f"groups[{index}].members[{position}]"
            if one.site is not None and one.site not in names:
                yield f"{key}.site", one_of(sorted(names), one.site)
            elif one.device is not None and one.device not in places:
                yield f"{key}.device", one_of(sorted(places), one.device)
            else:
                yield from _twice(key, group.members, position, places)


def _twice(key: str, members: Sequence[GroupMember], position: int, places: Mapping[str, str]) -> Faults:
    """Yield that a member is there already, or that its site is, wherever in the list that stands."""
    one = members[position]
    through = next((other.site for other in members if _is_at(one, other, places)), None)
    if through or any(_is_same(one, other) for other in members[:position]):
        already = f"already through its site {through!r}" if through else "already"
        yield (
            key,
            f"{(one.device or one.site)!r} belongs to the group {already} on some of these days; "
            "expected valid_from and valid_to that do not overlap",
        )


def _is_same(one: GroupMember, other: GroupMember) -> bool:
    return (one.site, one.device) == (other.site, other.device) and one.overlaps(other)


def _is_at(one: GroupMember, other: GroupMember, places: Mapping[str, str]) -> bool:
    """Whether ``one`` is a device at the site that ``other`` is."""
    return one.device is not None and places[one.device] == other.site and one.overlaps(other)
