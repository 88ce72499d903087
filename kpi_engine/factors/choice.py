"""Which factor a city names for a carrier, from when to when. Pure; times are microseconds."""

from dataclasses import dataclass
from itertools import pairwise

from ingest.model.city.assets import City
from ingest.model.spans import span_of


@dataclass(frozen=True)
class Chosen:
    """A part [start, end) of a period and the name of the factor to use in it, if the city names one."""

    start: int
    end: int
    factor: str | None


def choices(city: City, carrier: str, start: int, end: int) -> list[Chosen]:
    """Cut [start, end) where the city changes the factor of ``carrier``."""
    named = [(span_of(choice, city.timezone), choice.factor) for choice in city.factors.get(carrier, ())]
    edges = sorted({start, end} | {edge for span, _ in named for edge in span if start < edge < end})
    return [
        Chosen(a, b, next((name for (begins, ends), name in named if begins <= a and b <= ends), None))
        for a, b in pairwise(edges)
    ]


def declared_factors(city: City, carrier: str) -> object:
    """Return what the city file says of the factor of ``carrier``, as it stands there."""
    document = city.model_dump(mode="json", include={"factors"})["factors"]
    return document.get(carrier)
