"""Kinds of building a substation may serve, as data: how they lose heat, when they are used, how they draw hot water.

A site's kind is the beginning of its name (``house-03``, ``school-east``); its size is its fact ``heated_area`` [m2].
"""

from dataclasses import dataclass
from typing import Final

from ingest.model.assets import Site


@dataclass(frozen=True)
class BuildingKind:
    """One kind of building; per square metre of heated area where a unit says so.

    ``heat_loss`` [W/(m2 K)] below ``heating_limit`` [degC outdoors]; ``setback``: share of heating saved outside
    the hours ``in_use``; ``hot_water`` [W/m2, yearly mean] drawn around ``draws`` (hours of the day) by ``users``
    independent users; ``return_temperature`` [degC] at full load.
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


KINDS: Final = (
    BuildingKind("house", 150.0, 1.45, 16.0, 0.09, (6, 22), True, 1.9, (7, 10, 19), 2, 29.0),
    BuildingKind("block", 2400.0, 1.05, 15.5, 0.15, (5, 22.5), True, 3.0, (7, 19), 24, 34.0),
    BuildingKind("school", 5200.0, 0.95, 15.0, 0.45, (5, 17), False, 0.5, (10, 12.5), 12, 36.0),
    BuildingKind("sports-hall", 2600.0, 1.15, 14.0, 0.30, (7, 22), True, 4.0, (12, 18, 20.5), 20, 32.0),
)


def kind_of(site: Site) -> BuildingKind:
    """Return the kind whose name the site's name begins with; a house where none does."""
    return next((kind for kind in KINDS if site.name.startswith(kind.name)), KINDS[0])


def heated_area(site: Site) -> float:
    """Return the site's heated area in m2, or what is usual for its kind."""
    return next((fact.value for fact in site.facts if fact.name == "heated_area"), kind_of(site).heated_area)
