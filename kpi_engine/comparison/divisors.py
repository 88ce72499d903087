"""How many inhabitants a city has in a period, and how large it is: by its city file, else as it was imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ingest.model.city.assets import City
from ingest.model.spans import ALWAYS
from kpi_engine.comparison.compared import Per
from kpi_engine.families.intensity import fact_or_statistic, time_mean, unstated
from kpi_engine.indicator import SiteFactNeed
from kpi_engine.ports.facts import BoundFacts, FactOwner
from kpi_engine.ports.statistics import BoundStatistic
from kpi_engine.statistics.given import GivenValue

NAMES: Final[Mapping[Per, tuple[str, str]]] = {Per.INHABITANT: ("population", "1"), Per.KM2: ("land_area", "km2")}
_SECOND: Final = 1_000_000


class Divisor(NamedTuple):
    """A number to divide by, None where ``explanation`` says why there is none; else where it is from."""

    value: float | None
    explanation: str


@dataclass(frozen=True)
class Divisors:
    """Those of one city; ``given``: the statistics of the city as a whole."""

    city: City
    given: Sequence[GivenValue]

    def over(self, per: Per, start: int, end: int) -> Divisor:
        """Return the mean of [start, end), in microseconds."""
        name, unit = NAMES[per]
        facts = tuple(one for one in self.city.facts if one.name == name)
        owner = FactOwner(self.city.name, "this city", facts, ALWAYS)
        stated = BoundFacts(SiteFactNeed(name, unit), (owner,), self.city.timezone).given(start, end, {})
        imported = tuple(one for one in self.given if one.statistic == name)
        statistic = BoundStatistic(name, imported, self.city.timezone).given(start, end, {})
        found = fact_or_statistic(stated, statistic, (end - start) / _SECOND)
        if lacking := unstated(found, name):
            return Divisor(None, statistic.missing if imported and not facts and statistic.missing else lacking)
        value = time_mean(found)
        sources = [one.source for one in statistic.sources] if imported and not facts else ["city file"]
        explanation = f"{name} {value:g} {'' if unit == '1' else unit}".rstrip()
        if value <= 0.0:
            return Divisor(None, f"{name} is {value:g}")
        return Divisor(value, f"{explanation} ({', '.join(dict.fromkeys(sources))})")
