"""Which published factor holds for a carrier of a city, from when to when. Pure; times are microseconds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ingest.model.city.assets import City
from ingest.model.city.factor_choice import FactorChoice, Newer
from ingest.model.spans import span_of
from ingest.model.time import isoformat
from kpi_engine.factors.factor import Factor, dated

MOST: Final = 20_000  # stretches of time of which is known what a city chooses in them


@dataclass(frozen=True)
class Chosen:
    """A part [start, end) of a period, what the city chooses in it, and the factor that holds, if any."""

    start: int
    end: int
    choice: FactorChoice | None
    factor: Factor | None


def chosen(city: City, carrier: str, published: Sequence[Factor], start: int, end: int) -> list[Chosen]:
    """Cut [start, end) where the city changes its choice, and where the factor that it means changes.

    ``published``: the factors of the carrier, in order of publication.
    """
    declared = [(span_of(choice, city.timezone), choice) for choice in city.factors.get(carrier, ())]
    edges = sorted({start, end} | {edge for span, _ in declared for edge in span if start < edge < end})
    found: list[Chosen] = []
    for a, b in pairwise(edges):
        choice = next((choice for (begins, ends), choice in declared if begins <= a and b <= ends), None)
        meant = versions(choice, published) if choice else []
        found += [Chosen(one.start, one.end, choice, one.factor) for one in dated(meant, a, b, city.timezone)]
    return found


class FactorsOfCity:
    """What a city chooses of ``published``, in order of publication: found once for all of its sites and figures."""

    def __init__(self, city: City, published: Sequence[Factor]) -> None:
        self._city, self._published = city, published
        self._usable: dict[str, Sequence[Factor]] = {}
        self._chosen: dict[tuple[str, int, int], Sequence[Chosen]] = {}

    def chosen(self, carrier: str, start: int, end: int) -> Sequence[Chosen]:
        """Cut [start, end) as the function of that name does."""
        key = carrier, start, end
        if key not in self._chosen:
            if carrier not in self._usable:
                self._usable[carrier] = usable(self._city, (carrier,), self._published)
            if len(self._chosen) >= MOST:
                self._chosen.clear()
            self._chosen[key] = chosen(self._city, carrier, self._usable[carrier], start, end)
        return self._chosen[key]


def not_chosen(city: City, carrier: str, part: Chosen) -> str:
    """Say why no factor holds for a carrier in a part of a period."""
    days = f"from {isoformat(part.start)} to {isoformat(part.end)}"
    if (choice := part.choice) is not None:
        if choice.version is None or choice.newer is Newer.FOLLOW:
            return f"no version of factor {choice.factor} is valid {days}"
        return f"version {choice.version} of factor {choice.factor} is not valid {days}"
    when = f" {days}" if city.factors.get(carrier) else ""
    return f"city {city.name} names no emission factor for {carrier}{when} (factors.{carrier} in its file)"


def versions(choice: FactorChoice, published: Sequence[Factor]) -> list[Factor]:
    """Return the versions that a choice means: the pinned one, with those published after it, or all."""
    named = [factor for factor in published if factor.name == choice.factor]
    if choice.version is None:
        return named
    if choice.newer is Newer.FOLLOW:
        first = next((place for place, one in enumerate(named) if one.version == choice.version), len(named))
        return named[first:]
    return [factor for factor in named if factor.version == choice.version]


def usable(city: City, carriers: Collection[str], published: Sequence[Factor]) -> list[Factor]:
    """Return what the city may use of ``published`` for ``carriers``, in order of publication."""
    meant = {
        id(factor)
        for carrier in carriers
        for choice in city.factors.get(carrier, ())
        for factor in versions(choice, [one for one in published if one.carrier == carrier])
    }
    return [factor for factor in published if id(factor) in meant]


def declared_factors(city: City, carrier: str) -> object:
    """Return what the city file says of the factor of ``carrier``, as it stands there."""
    document = city.model_dump(mode="json", include={"factors"})["factors"]
    return document.get(carrier)
