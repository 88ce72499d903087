"""Whether the names of facts are ones that figures, simulators and pages know, or marked as one's own."""

from collections.abc import Iterator, Sequence
from typing import Final

from ingest.model.city.assets import City, Fact
from ingest.model.city.facts import FACTS
from ingest.model.declarations.expected import one_of

OWN: Final = "x-"  # what a name begins with that nothing of ours uses


def faults(city: City) -> Iterator[tuple[str, str]]:
    """Yield (key, what was expected) for every fact of a city or its sites that has an unknown name."""
    yield from _unknown("facts", city.facts)
    for index, site in enumerate(city.sites):
        yield from _unknown(f"sites[{index}].facts", site.facts)


def unknown(name: str) -> str | None:
    """Return what was expected in place of ``name`` where it is no known fact and not one's own."""
    if name in FACTS or name.startswith(OWN):
        return None
    return f"{one_of(FACTS, name)} (a name of your own begins with {OWN})"


def _unknown(key: str, facts: Sequence[Fact]) -> Iterator[tuple[str, str]]:
    for index, fact in enumerate(facts):
        if (expected := unknown(fact.name)) is not None:
            yield f"{key}[{index}].name", expected
