"""A ribbon: an amount of energy that goes from one node of a city's picture to another [kWh]."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from ingest.model.sentences import Sentence
from kpi_engine.formulas.bounded import Bounded

NET: Final = Sentence("{title}, net")


class FlowNode(NamedTuple):
    """Where ribbons begin or end. ``stage``: source, network or use; ``key`` names it within the city."""

    key: str
    title: str
    stage: str


@dataclass(frozen=True)
class Ribbon:
    """An amount between two nodes, with what is known of it.

    ``shown`` is the amount in whole steps of the resolution, so that what goes into a network is what comes out of it;
    None where nothing is known. ``is_residual``: it is what others leave over, and nobody metered it. ``known`` of
    ``meters`` have an amount. ``kpis``: the figures that are computed from the same meters.
    """

    carrier: str
    source: FlowNode
    target: FlowNode
    amount: Bounded
    coverage: float
    estimated_share: float | None
    meters: int
    known: int
    kpis: Sequence[str]
    reason: str | None = None
    is_residual: bool = False
    shown: int = 0

    def forwards(self) -> "Ribbon":
        """Return it with a positive amount: what is negative goes the other way, and comes from where it went to."""
        if self.shown >= 0:
            return self
        turned = self.amount.scaled(-1.0)
        if self.target.stage == "network":
            source, target = self.target, FlowNode(f"{self.source.key}-back", NET.of(title=self.source.title), "use")
        else:
            source, target = FlowNode(f"{self.target.key}-back", NET.of(title=self.target.title), "source"), self.source
        return replace(self, source=source, target=target, amount=turned, shown=-self.shown)
