"""What meters counted in each stretch of one published emission factor of their carrier."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from ingest.model.city.assets import City
from ingest.model.city.factor_choice import FactorBoundary
from kpi_engine.boundary.metering import MeterSet
from kpi_engine.evidence.figure_digest import published
from kpi_engine.factors.choice import FactorsOfCity, declared_factors, not_chosen, usable
from kpi_engine.factors.factor import Factor
from kpi_engine.ports.port import Cut, DefinitionPlace, OfMeters, Port, PortScope
from kpi_engine.window import Meter, Stretch


@dataclass(frozen=True)
class DatedFactors(Port[tuple[Stretch, ...]]):
    """The indicator's meters in stretches of one factor of their carrier, as the city file names it by the day."""

    OF_OWN = True

    def bind(self, scope: PortScope) -> "BoundFactors":
        """Return the factors of a subject's meters."""
        shared, key = scope.topology.shared, (FactorsOfCity, id(scope.factors))
        if key not in shared:
            shared[key] = FactorsOfCity(scope.city, scope.factors)
        return BoundFactors(scope.city, scope.own, scope.carriers, scope.factors, shared[key])

    def factors(self, given: Sequence[Stretch]) -> Iterator[dict[str, Any]]:
        """Yield the factor of every stretch."""
        yield from (published(one.factor) for one in given if one.factor)

    def applied(self, given: Sequence[Stretch]) -> Iterator[tuple[Factor, int, int]]:
        """Yield the factor of every stretch in which something is counted."""
        yield from ((one.factor, one.start, one.end) for one in given if one.factor and one.meters)


DATED_FACTORS: Final = DatedFactors()


@dataclass(frozen=True)
class BoundFactors(OfMeters[tuple[Stretch, ...]]):
    """The meters of a subject, the factors that its city names of ``carriers``, and every published one.

    ``of_city``: what the city chooses of them, found once for all that it has.
    """

    PLACE: ClassVar[DefinitionPlace] = DefinitionPlace.FACTORS
    IS_TOLD: ClassVar[bool] = False

    city: City
    counted: MeterSet
    carriers: tuple[str, ...]
    every: Sequence[Factor]
    of_city: FactorsOfCity = field(compare=False, repr=False)

    @property
    def factor_carriers(self) -> Iterable[str]:
        """The carriers that are metered."""
        return [one for one in self.counted.carriers if one]

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield what the city file says of factors, and each version of one that it names."""
        if (boundary := self.city.factor_boundary) is not FactorBoundary.ONE:
            yield "city file: factor_boundary", boundary.value
        for carrier in self.carriers:
            yield f"city file: factors.{carrier}", declared_factors(self.city, carrier)
            versions: dict[str, list[Factor]] = {}
            for factor in usable(self.city, (carrier,), self.every):
                versions.setdefault(f"factor {factor.name}: version {factor.version}", []).append(factor)
            yield from versions.items()

    @property
    def decisive(self) -> object:
        """What is declared of each carrier, and the factors themselves."""
        dated = {carrier: declared_factors(self.city, carrier) for carrier in self.carriers}
        named = [repr(factor) for factor in usable(self.city, dated, self.every)]
        boundary = self.city.factor_boundary
        return [(dated, named, *(() if boundary is FactorBoundary.ONE else (boundary.value,)))]

    def cuts(self, start: int, end: int) -> Sequence[Cut]:
        """Return the stretches of one factor of each carrier that has a meter."""
        return [
            Cut(
                self.counted,
                one.start,
                one.end,
                carrier,
                one.factor,
                None if one.factor else not_chosen(self.city, carrier, one),
            )
            for carrier in self.carriers
            if carrier in self.counted.carriers
            for one in self.of_city.chosen(carrier, start, end)
        ]

    def made(self, cuts: Sequence[Cut], meters: Sequence[Sequence[Meter]]) -> tuple[Stretch, ...]:
        """Return each stretch with its meters."""
        return tuple(
            Stretch(str(one.carrier), one.start, one.end, counted, one.factor, one.missing)
            for one, counted in zip(cuts, meters, strict=True)
        )
