"""What is open of a city: which indicators, of whom, as far as that may be public."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ingest.model.city.assets import City
from ingest.model.city.open_data import OpenData
from kpi_engine.indicators import INDICATORS
from kpi_engine.open_data.public import may_be_public
from kpi_engine.subjects.subject_index import SubjectIndex


@dataclass(frozen=True)
class OpenedCity:
    """A city that has opened figures, and what it said of them."""

    city: City
    terms: OpenData

    @cached_property
    def kpis(self) -> list[str]:
        """The indicators by name."""
        return sorted(filter(self.terms.gives, INDICATORS))

    @cached_property
    def with_city(self) -> bool:
        """Whether figures of the city as a whole may be public."""
        return may_be_public(self.city)

    @cached_property
    def groups(self) -> list[str]:
        """The groups whose figures are open and may be public."""
        return [name for name in self.terms.groups if may_be_public(self.city, name)]

    @property
    def withheld(self) -> list[str]:
        """Whom the city would open and who is of too few sites."""
        return [
            *([] if self.with_city else [self.city.title]),
            *(name for name in self.terms.groups if name not in self.groups),
        ]


def opened(index: SubjectIndex) -> list[OpenedCity]:
    """Return the cities that have opened figures, by name."""
    return of_cities({one.city.name: one.city for one in index.subjects.values()}.values())


def of_cities(cities: Iterable[City]) -> list[OpenedCity]:
    """Return those of ``cities`` that have opened figures, by name."""
    known = [OpenedCity(city, city.open_data) for city in cities if city.open_data]
    return sorted(known, key=lambda one: one.city.name)
