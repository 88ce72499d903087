"""The two sides of a balance as the meters of an indicator: main meters and submeters, plants and their network."""

from dataclasses import dataclass

from kpi_engine.boundary.balancing import balanced_meters
from kpi_engine.boundary.metering import MeterSet
from kpi_engine.indicator import Balance, Selection
from kpi_engine.ports.port import OwnMeters, PortScope


@dataclass(frozen=True)
class Balanced(OwnMeters):
    """The meters on both sides of ``balance``, or on some ``sides`` of it; ``selection`` says carrier and quantity."""

    balance: Balance
    selection: Selection
    sides: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Return its selection."""
        return (self.selection,)

    def counted(self, scope: PortScope) -> MeterSet:
        """Return who stands on which side, as the topology of the city says."""
        return scope.put_together(
            lambda devices: balanced_meters(
                scope.topology, devices, scope.series, self.balance, self.selection, self.sides
            )
        )
