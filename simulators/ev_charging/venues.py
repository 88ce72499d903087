"""Kinds of venue that offer charging, as data: when vehicles come, how long they stay, what they want.

A site's kind follows the words of its name and title, else its fact ``rated_power`` [kW of each of its points].
Homes are fitted to the private points of residential garages in Trondheim (Sørensen et al. 2021, Data in
Brief, doi 10.1016/j.dib.2021.106923); the other kinds are plausible, not measured.
"""

import re
from dataclasses import dataclass
from typing import Final

from ingest.model.city.assets import Site

FAST_FROM: Final = 43.0  # kW; what cannot be reached by the usual alternating-current points


@dataclass(frozen=True)
class Arrivals:
    """Visits a day on weekdays and at weekends, ``spread`` (log) between points, and 24 weights by hour of arrival."""

    per_day: tuple[float, float]
    spread: float
    weekday: tuple[float, ...]
    weekend: tuple[float, ...]


@dataclass(frozen=True)
class Stay:
    """How long a vehicle is plugged in: briefly, or until its usual time of leaving.

    ``brief``: median [h] and log deviation. ``until_leaving``: share by hour of arrival, linear between its points.
    Who comes at ``next_day_from`` o'clock or later leaves the next day, at ``earliest`` plus a log-normal delay of
    ``delay`` (medians [h] on a weekday and at the weekend, log deviation); ``lingering`` of them a day later still.
    """

    brief: tuple[float, float]
    until_leaving: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    next_day_from: float = 24.0
    earliest: float = 0.0
    delay: tuple[float, float, float] = (1.0, 1.0, 0.5)
    lingering: float = 0.0


@dataclass(frozen=True)
class Demand:
    """Energy wanted: median [kWh], log deviation from visit to visit and ``spread`` between points; what vehicles take.

    ``vehicles``: greatest power [kW] and share of each kind; ``resident``: one vehicle uses the point.
    ``taper``: time constant [h] with which the power falls at most when the battery is nearly full.
    """

    median: float
    deviation: float
    spread: float
    vehicles: tuple[tuple[float, float], ...]
    resident: bool
    taper: float


@dataclass(frozen=True)
class Venue:
    """One kind of venue; ``rated_power`` [kW] is usual for its points.

    A site is of this kind where a word of its name or title begins with one of ``words``.
    """

    name: str
    words: tuple[str, ...]
    rated_power: float
    arrivals: Arrivals
    stay: Stay
    demand: Demand


_ALTERNATING: Final = ((3.7, 0.15), (7.4, 0.3), (11.0, 0.45), (22.0, 0.1))

HOME: Final = Venue(
    name="home",
    words=("home", "hous", "resident", "dwelling", "apartment", "garage", "block"),
    rated_power=7.4,
    arrivals=Arrivals(
        per_day=(0.90, 0.85),
        spread=0.6,
        weekday=(9, 4, 2, 2, 1, 1, 3, 12, 11, 7, 13, 17, 20, 29, 44, 119, 175, 85, 82, 105, 98, 76, 57, 29),
        weekend=(27, 15, 8, 6, 3, 3, 4, 9, 7, 7, 12, 23, 41, 76, 83, 111, 86, 103, 96, 85, 59, 53, 51, 31),
    ),
    stay=Stay(
        brief=(2.0, 0.85),
        until_leaving=((0, 0.9), (5, 0.9), (7, 0.3), (11, 0.2), (14, 0.4), (16.5, 0.62), (19.5, 0.8), (22.5, 0.96)),
        next_day_from=5.0,
        earliest=6.2,
        delay=(1.5, 4.2, 0.95),
        lingering=0.06,
    ),
    demand=Demand(9.0, 0.6, 0.45, ((3.6, 0.5), (7.2, 0.38), (11.0, 0.12)), resident=True, taper=0.25),
)
WORKPLACE: Final = Venue(
    name="workplace",
    words=("work", "office", "depot", "hospital", "school", "factory", "university", "campus", "industr"),
    rated_power=11.0,
    arrivals=Arrivals(
        per_day=(1.1, 0.08),
        spread=0.25,
        weekday=(0, 0, 0, 0, 0, 5, 40, 210, 300, 120, 40, 30, 60, 50, 30, 20, 15, 8, 4, 2, 1, 0, 0, 0),
        weekend=(0, 0, 0, 0, 0, 0, 2, 6, 12, 16, 14, 12, 12, 10, 8, 6, 4, 2, 1, 0, 0, 0, 0, 0),
    ),
    stay=Stay(
        brief=(2.6, 0.6),
        until_leaving=((0, 0.2), (6, 0.9), (9, 0.85), (12, 0.6), (15, 0.1), (24, 0.0)),
        earliest=13.0,
        delay=(2.9, 2.0, 0.3),
    ),
    demand=Demand(12.5, 0.65, 0.1, _ALTERNATING, resident=False, taper=0.25),
)
PUBLIC: Final = Venue(
    name="public",
    words=("public", "street", "square", "library", "market", "shop", "centre", "park", "museum", "harbour"),
    rated_power=22.0,
    arrivals=Arrivals(
        per_day=(1.7, 1.9),
        spread=0.45,
        weekday=(4, 2, 1, 1, 2, 6, 18, 45, 70, 75, 78, 76, 72, 70, 68, 70, 74, 78, 68, 50, 34, 22, 12, 7),
        weekend=(8, 5, 3, 2, 1, 3, 8, 16, 32, 58, 82, 92, 90, 84, 78, 72, 68, 62, 54, 42, 30, 22, 15, 11),
    ),
    stay=Stay(
        brief=(2.1, 0.75),
        until_leaving=((0, 0.7), (5, 0.4), (8, 0.05), (15, 0.05), (19, 0.35), (22, 0.7)),
        next_day_from=5.0,
        earliest=6.2,
        delay=(1.8, 3.5, 0.7),
    ),
    demand=Demand(14.0, 0.7, 0.1, _ALTERNATING, resident=False, taper=0.25),
)
FAST: Final = Venue(
    name="fast",
    words=("fast", "rapid", "motorway"),
    rated_power=50.0,
    arrivals=Arrivals(
        per_day=(6.5, 7.5),
        spread=0.35,
        weekday=(5, 3, 2, 2, 4, 10, 24, 42, 50, 56, 62, 66, 68, 66, 68, 74, 80, 78, 66, 52, 40, 30, 18, 9),
        weekend=(7, 4, 3, 2, 3, 5, 12, 22, 36, 54, 70, 80, 82, 80, 78, 78, 80, 76, 66, 52, 40, 30, 20, 12),
    ),
    stay=Stay(brief=(0.5, 0.45)),
    demand=Demand(26.0, 0.5, 0.05, ((50.0, 0.35), (100.0, 0.35), (150.0, 0.3)), resident=False, taper=0.45),
)
VENUES: Final = (FAST, HOME, WORKPLACE, PUBLIC)


def venue_of(site: Site) -> Venue:
    """Return the kind of venue that ``site`` is: fast by its power, else by its words, else by its power again."""
    power = _rated_power(site)
    if power is not None and power >= FAST_FROM:
        return FAST
    words = re.findall(r"\w+", f"{site.name} {site.title or ''}".lower())
    named = next((venue for venue in VENUES if any(word.startswith(venue.words) for word in words)), None)
    if named or power is None:
        return named or PUBLIC
    return min((HOME, WORKPLACE, PUBLIC), key=lambda venue: abs(venue.rated_power - power))


def rated_power(site: Site) -> float:
    """Return what each charging point of ``site`` can give in kW: the site's fact, or what is usual for its kind."""
    power = _rated_power(site)
    return venue_of(site).rated_power if power is None else power


def _rated_power(site: Site) -> float | None:
    return next((fact.value for fact in site.facts if fact.name == "rated_power"), None)
