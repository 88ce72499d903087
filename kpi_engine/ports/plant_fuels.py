"""What the plants of a network burn, and the factors of it: statistics of their sites, and factors that the city names.

A plant's site is one plant: its boilers and its cogeneration are not told apart. A fuel that was never given for a site
is none of its; one that was given for other days is missing. Pure; times are microseconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ingest.model.city.assets import City
from ingest.model.policies import CHP_ALLOCATION, policy
from ingest.model.quantities.carrier import FUELS
from ingest.model.sentences import Sentence
from ingest.model.spans import ALWAYS, Span, clip
from kpi_engine.evidence.figure_digest import published
from kpi_engine.factors.choice import chosen, declared_factors, not_chosen, usable
from kpi_engine.factors.factor import Factor
from kpi_engine.indicator import Selection
from kpi_engine.ports.port import Dated, Found, Port, Reads
from kpi_engine.ports.statistics import days_of, sorted_values
from kpi_engine.statistics.catalogue import STATISTICS
from kpi_engine.statistics.given import GivenValue
from kpi_engine.statistics.over import SpanValue, over
from kpi_engine.window import Stretch

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope

BURNED: Final = {**{fuel: f"plant_{fuel}" for fuel in FUELS}, "electricity": "plant_electricity"}
GENERATED: Final = "chp_electricity"
POWER_BONUS: Final = "power_bonus"  # the policy that credits electricity with a factor of its own


@dataclass(frozen=True)
class GivenFuel:
    """What was given of one carrier over a window, and the factors that hold in its stretches, if it needs one."""

    carrier: str
    statistic: str
    amount: SpanValue
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class PlantSite:
    """A site with plants, what goes into them, and the electricity that they generate; None: they generate none."""

    site: str
    plants: tuple[str, ...]
    fuels: tuple[GivenFuel, ...]
    generated: GivenFuel | None = None


@dataclass(frozen=True)
class PlantFuels(Port[tuple[PlantSite, ...]]):
    """What goes into the plants of ``selection`` at all sites that those of the subject reach, and into its own.

    ``has_factors``: emission factors that the city names stand beside it.
    """

    selection: Selection
    has_factors: bool = True

    @property
    def lacking(self) -> str:
        """Say where what plants burn comes from."""
        return Sentence("nothing was ever given of what its plants burn (pharos data import)").of()

    def factors(self, given: tuple[PlantSite, ...]) -> Iterator[dict[str, Any]]:
        """Yield the factors of all that goes in."""
        yield from (published(factor) for factor, *_ in self.applied(given))

    def applied(self, given: tuple[PlantSite, ...]) -> Iterator[tuple[Factor, int, int]]:
        """Yield the factors by which plants are counted, and from when to when each of them holds."""
        for fuel in (fuel for site in given for fuel in (*site.fuels, site.generated) if fuel):
            yield from ((one.factor, one.start, one.end) for one in fuel.stretches if one.factor)

    def bind(self, scope: "PortScope") -> "BoundPlantFuels":
        """Return the plants of a subject's network."""
        topology = scope.topology
        reached = scope.reached(device for device in scope.devices if topology.is_chosen(device, self.selection))
        plants: dict[str, list[str]] = {}
        for device in topology.devices if reached else ():  # most sites have none
            if topology.is_chosen(device, self.selection):
                plants.setdefault(device.site, []).append(device.name)
        sites = sorted(reached.keys() & plants.keys())
        return BoundPlantFuels(
            scope.city,
            {site: tuple(sorted(plants[site])) for site in sites},
            {site: _by_statistic(scope.statistics.get(site, ())) for site in sites},
            scope.factors,
            has_factors=self.has_factors,
            is_credited=policy(CHP_ALLOCATION, scope.city.policies.get(CHP_ALLOCATION)).name == POWER_BONUS,
            days={site: reached[site] for site in sites} if scope.membership else {},
        )


@dataclass(frozen=True)
class BoundPlantFuels(Reads[tuple[PlantSite, ...]]):
    """The plants of a network by site, and what was given for each site, by statistic.

    ``has_factors``: what goes in has emission factors; ``is_credited``: electricity that plants generate as well.
    ``days``: when each site is reached by the members of a group, where the subject is one.
    """

    city: City
    plants: Mapping[str, tuple[str, ...]]
    statistics: Mapping[str, Mapping[str, Sequence[GivenValue]]]
    factors: Sequence[Factor]
    has_factors: bool
    is_credited: bool
    days: Mapping[str, Sequence[Span]] = field(default_factory=dict)

    @property
    def lacks(self) -> bool:
        """Whether nothing was ever given of what any plant burns."""
        return not any(self.statistics.values())

    @property
    def factor_carriers(self) -> tuple[str, ...]:
        """Of what factors are needed: what goes into the plants, and electricity that they are credited with."""
        given = {name for every in self.statistics.values() for name in every} if self.has_factors else set()
        credited = ["electricity"] if self.is_credited and GENERATED in given else []
        return tuple(dict.fromkeys([*(carrier for carrier, name in BURNED.items() if name in given), *credited]))

    def refused(self, start: int, end: int) -> str | None:
        """Return which site belongs to a group for a part of [start, end) alone: what it burned then is not known."""
        for site, spans in self.days.items():
            if clip((start, end), spans) not in ([], [(start, end)]):
                return f"{site} belongs to the group for a part of the period only: what it burned then is not known"
        return None

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the plants of each site, what was given for it, and the factors that the city names."""
        for site, plants in self.plants.items():
            yield f"city file: plants of {site}", plants
            for name, values in self.statistics[site].items():
                yield f"statistic {name} of {site}", sorted(map(repr, values))
        yield from self._declared()

    def dated_items(self) -> Iterator[Dated]:
        """Yield the same, each value on its days; what was never given before decides all figures."""
        for site, plants in self.plants.items():
            yield f"city file: plants of {site}", plants, ALWAYS
            for name, values in self.statistics[site].items():
                item = f"statistic {name} of {site}"
                yield item, "given", ALWAYS
                yield from ((item, repr(one), days_of(one, self.city.timezone)) for one in sorted_values(values))
        yield from ((item, state, ALWAYS) for item, state in self._declared())

    def _declared(self) -> Iterator[tuple[str, object]]:
        yield from ((f"city file: days of {site} in the group", spans) for site, spans in self.days.items())
        for carrier in self.factor_carriers:
            yield f"city file: factors.{carrier}", declared_factors(self.city, carrier)
        for factor in usable(self.city, self.factor_carriers, self.factors):
            yield f"factor {factor.name}: version {factor.version} from {factor.valid_from}", factor

    def given(self, start: int, end: int, found: Found) -> tuple[PlantSite, ...]:  # noqa: ARG002 - nothing is stored
        """Return what goes into the plants of each site, in the order of their names."""

        def of(site: str, carrier: str, statistic: str) -> GivenFuel | None:
            values = self.statistics[site].get(statistic)
            if not values:
                return None
            known = over(STATISTICS[statistic], values, [(start, end)], self.city.timezone)
            has_factor = self.has_factors and (statistic != GENERATED or self.is_credited)
            return GivenFuel(carrier, statistic, known, self._stretches(carrier, start, end) if has_factor else ())

        return tuple(
            PlantSite(
                site,
                plants,
                tuple(fuel for carrier, name in BURNED.items() if (fuel := of(site, carrier, name))),
                of(site, "electricity", GENERATED),
            )
            for site, plants in self.plants.items()
            if site not in self.days or clip((start, end), self.days[site])
        )

    def _stretches(self, carrier: str, start: int, end: int) -> tuple[Stretch, ...]:
        every = [factor for factor in self.factors if factor.carrier == carrier]
        return tuple(
            Stretch(
                carrier, one.start, one.end, (), one.factor, None if one.factor else not_chosen(self.city, carrier, one)
            )
            for one in chosen(self.city, carrier, every, start, end)
        )


def _by_statistic(given: Sequence[GivenValue]) -> dict[str, list[GivenValue]]:
    found: dict[str, list[GivenValue]] = {}
    for one in given:
        if one.statistic in {*BURNED.values(), GENERATED}:
            found.setdefault(one.statistic, []).append(one)
    return found
