"""Kinds of building, as data: how they lose heat, when they are used, how they draw hot water.

A site's kind is the beginning of its name (``house-03``, ``school-east``), or else a word in its name or title; its
size is its fact ``heated_area`` [m2], or ``floor_area`` where it has none.
"""

from dataclasses import dataclass
from typing import Final

from ingest.model.city.assets import Site


@dataclass(frozen=True)
class BuildingKind:
    """One kind of building; per square metre of heated area where a unit says so.

    ``heat_loss`` [W/(m2 K)] below ``heating_limit`` [degC outdoors]; ``setback``: share of heating saved outside
    the hours ``in_use``; ``hot_water`` [W/m2, yearly mean] drawn around ``draws`` (hours of the day) by ``users``
    independent users; ``return_temperature`` [degC] at full load. ``known_by``: words of names, in lower case.
    """

    name: str
    heated_area: float
    heat_loss: float
    heating_limit: float
    setback: float
    in_use: tuple[float, float]
    weekends: bool
    hot_water: float
    draws: tuple[float, ...]
    users: int
    return_temperature: float
    known_by: tuple[str, ...]


HOUSE: Final = BuildingKind(
    "house", 150.0, 1.45, 16.0, 0.09, (6, 22), True, 1.9, (7, 10, 19), 2, 29.0, ("house", "villa", "home")
)
BLOCK: Final = BuildingKind(
    *("block", 2400.0, 1.05, 15.5, 0.15, (5, 22.5), True, 3.0, (7, 19), 24, 34.0),
    known_by=("block", "dwelling", "apartment", "flats", "multi-family", "residential", "housing", "kortermaja"),
)
SCHOOL: Final = BuildingKind(
    *("school", 5200.0, 0.95, 15.0, 0.45, (5, 17), False, 0.5, (10, 12.5), 12, 36.0),
    known_by=("school", "kindergarten", "nursery", "college", "campus", "university"),
)
SPORTS_HALL: Final = BuildingKind(
    *("sports-hall", 2600.0, 1.15, 14.0, 0.30, (7, 22), True, 4.0, (12, 18, 20.5), 20, 32.0),
    known_by=("sport", "swimming", "gym", "arena"),
)
OFFICE: Final = BuildingKind(
    *("office", 3600.0, 0.85, 14.5, 0.40, (5, 18), False, 0.4, (9, 12.5), 20, 35.0),
    known_by=("office", "town hall", "town-hall", "city hall", "library", "museum", "civic", "administration"),
)

KINDS: Final = (SPORTS_HALL, SCHOOL, OFFICE, BLOCK, HOUSE)  # the telling words first: a school house is a school

_LARGEST_HOUSE: Final = 600.0  # m2


def kind_of(site: Site) -> BuildingKind:
    """Return the site's kind by its name and title; else a house, or a block where it is too large for one."""
    label = f"{site.name} {site.title or ''}".lower()
    named = [kind for kind in KINDS if site.name.startswith(kind.name)]
    known = [kind for kind in KINDS if any(word in label for word in kind.known_by)]
    return next(iter((*named, *known)), BLOCK if (area_fact(site) or 0.0) > _LARGEST_HOUSE else HOUSE)


def heated_area(site: Site) -> float:
    """Return the site's heated area in m2, or what is usual for its kind."""
    return area_fact(site) or kind_of(site).heated_area


def area_fact(site: Site) -> float | None:
    """Return the area in m2 that the city file states for a site."""
    stated = {fact.name: fact.value for fact in reversed(site.facts)}
    return stated.get("heated_area", stated.get("floor_area"))
