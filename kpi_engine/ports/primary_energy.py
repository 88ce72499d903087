"""Primary-energy factors of a city: the set and version that its file names, and how much of the export it credits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.model.city.primary_energy import PrimaryEnergyChoice
from kpi_engine.factors.primary_factors import PrimaryFactorVersion, shipped_sets
from kpi_engine.ports.port import Found, Port, Reads

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


@dataclass(frozen=True)
class ChosenFactors:
    """What a city chose, and the version that is meant; None where nothing of that name is published."""

    choice: PrimaryEnergyChoice
    version: PrimaryFactorVersion | None


@dataclass(frozen=True)
class PrimaryEnergyFactors(Port[ChosenFactors | None]):
    """The factors that the city file names under primary_energy."""

    def bind(self, scope: "PortScope") -> "BoundPrimaryEnergyFactors":
        """Return the factors of a subject's city."""
        choice = scope.city.primary_energy
        version = shipped_sets().get((choice.factors, choice.version)) if choice else None
        return BoundPrimaryEnergyFactors(None if choice is None else ChosenFactors(choice, version))


@dataclass(frozen=True)
class BoundPrimaryEnergyFactors(Reads[ChosenFactors | None]):
    """The factors of a city."""

    chosen: ChosenFactors | None

    @property
    def lacks(self) -> bool:
        """Whether the city file names none."""
        return self.chosen is None

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield what the city file says, and what it means."""
        yield "city file: primary_energy", self.chosen

    def given(self, start: int, end: int, found: Found) -> ChosenFactors | None:  # noqa: ARG002 - as every port takes them
        """Return the factors."""
        return self.chosen
