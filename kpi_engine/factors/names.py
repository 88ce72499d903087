"""Whether the emission factors that a city names are published, of the carrier they are named for, and fit its sums."""

from collections.abc import Iterator, Sequence

from ingest.model.city.assets import City
from ingest.model.city.dated import entry_key
from ingest.model.city.factor_choice import FactorChoice
from ingest.model.declarations.expected import one_of
from ingest.model.quantities.carrier import WITH_FACTOR
from kpi_engine.factors.boundaries import unfit
from kpi_engine.factors.choice import versions
from kpi_engine.factors.factor import Factor


def faults(city: City, published: Sequence[Factor]) -> Iterator[tuple[str, str]]:
    """Yield (key, what was expected) for every factor or version that is not published, or does not fit."""
    for carrier, choices in city.factors.items():
        of_carrier = [factor for factor in published if factor.carrier == carrier]
        for position, choice in enumerate(choices):
            if carrier in WITH_FACTOR:
                key = entry_key(f"factors.{carrier}", choices, position)
                yield from _unknown(key, choice, of_carrier)
                yield from ((key, fault) for fault in unfit(city, dict.fromkeys(versions(choice, of_carrier))))


def _unknown(key: str, choice: FactorChoice, published: Sequence[Factor]) -> Iterator[tuple[str, str]]:
    names = sorted({factor.name for factor in published})
    if choice.factor not in names:
        carrier = key.split(".")[1].partition("[")[0]
        yield key, f"{one_of(names, choice.factor)} (factors of {carrier}; pharos factors list --shipped)"
    elif choice.version is not None:
        known = list(dict.fromkeys(factor.version for factor in published if factor.name == choice.factor))
        if choice.version not in known:
            yield f"{key}.version", f"{one_of(known, choice.version)} (versions of {choice.factor})"
