"""Whether the emission factors that a city names are published, and of the carrier they are named for."""

from collections.abc import Iterator, Sequence

from ingest.model.city.assets import City
from ingest.model.city.dated import entry_key
from ingest.model.declarations.expected import one_of
from ingest.model.quantities.carrier import CARRIERS
from kpi_engine.factors.factor import Factor


def faults(city: City, published: Sequence[Factor]) -> Iterator[tuple[str, str]]:
    """Yield (key, what was expected) for every factor that is not published for its carrier."""
    for carrier, choices in city.factors.items():
        names = sorted({factor.name for factor in published if factor.carrier == carrier})
        for position, choice in enumerate(choices):
            if carrier in CARRIERS and choice.factor not in names:
                key = entry_key(f"factors.{carrier}", choices, position)
                yield key, f"{one_of(names, choice.factor)} (factors of {carrier}; pharos factors list --shipped)"
