"""What driving on charged electricity avoids: the parameters that are assumed, as a policy with version and source.

Both sides have one boundary: exhaust of a car against the stack of a power station (direct), or both with what lies
upstream of them (life cycle). A factor that does not say its boundary is on neither side.
"""

from collections.abc import Sequence
from math import fsum
from typing import Final

from pydantic import Field

from ingest.model.sentences import Sentence
from kpi_engine.evidence.amounts import bounded, coverage, estimated_share, reason
from kpi_engine.families.emissions import EmissionStretch, of_one_carrier
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.indicator import Entry, Inputs, Outcome
from kpi_engine.ports.dated_factors import DATED_FACTORS
from kpi_engine.window import Window

DIRECT: Final = "direct"
UNSTATED: Final = Sentence("the boundary of the factor from {start} to {end} is not stated: expected {known}")
OTHER: Final = Sentence("the boundary of the factor from {start} to {end} is {boundary}: expected {known}")
LIFE_CYCLE: Final = "life_cycle"


class ReplacedDriving(Entry):
    """What a charged kWh stands for: ``charging_efficiency`` from the point to the battery, ``kwh_per_km`` at it.

    ``kg_per_km``: what a car with an engine emits, by the boundary that the factor of the grid must have too.
    """

    name: str
    version: str
    source: str
    charging_efficiency: float = Field(gt=0, le=1)
    kwh_per_km: float = Field(gt=0, le=100)
    kg_per_km: dict[str, float]


ASSUMED: Final = ReplacedDriving(
    name="car with an engine",
    version="2026-1",
    source="assumed: 0.18 kWh/km at the battery, nine tenths of what is charged reach it, 0.17 kg/km from the tank and "
    "0.21 kg/km from the well (order of magnitude of European cars, recalled; replace by figures of your own fleet)",
    charging_efficiency=0.9,
    kwh_per_km=0.18,
    kg_per_km={DIRECT: 0.17, LIFE_CYCLE: 0.21},
)


class BoundedStretch(EmissionStretch):
    """A stretch with one factor of the grid, and what that factor takes into account."""

    boundary: str | None = None


class AvoidedInputs(Inputs):
    """What was charged in each stretch of one factor, and what it is assumed to replace."""

    replaced: ReplacedDriving
    stretches: tuple[BoundedStretch, ...]


def inputs(window: Window) -> AvoidedInputs:
    """Select the energy registers of every stretch of one factor."""
    stretches = zip(of_one_carrier(window).stretches, window.given(DATED_FACTORS), strict=True)
    return AvoidedInputs(
        replaced=ASSUMED,
        stretches=tuple(
            BoundedStretch(
                **{name: getattr(one, name) for name in EmissionStretch.model_fields},
                boundary=given.factor.boundary.value if given.factor and given.factor.boundary else None,
            )
            for one, given in stretches
        ),
    )


def compute(inputs: AvoidedInputs) -> Outcome:
    """Return what the replaced cars would have emitted less what the grid did for the energy charged [kg]."""
    counted = [one for one in inputs.stretches if one.energy_kwh]
    energies = [one.energy_kwh for one in counted]
    why = "; ".join(filter(None, [*_lacking(counted, inputs.replaced), reason(*energies)])) or None
    avoided = added(_avoided(one, inputs.replaced) for one in counted)
    if avoided.value is None:
        return Outcome(None, coverage(*energies), None, why)
    found = Outcome.of(avoided, coverage(*energies), estimated_share(*energies), why)
    gross = fsum(
        inputs.replaced.kg_per_km[str(one.boundary)] * _km(inputs.replaced) * (bounded(one.energy_kwh).value or 0.0)
        for one in counted
    )
    return Outcome(found.value, found.coverage, found.estimated_share, why, found.lower, found.upper, scale=gross)


def _km(replaced: ReplacedDriving) -> float:
    """Return how far a kWh from the charging point goes."""
    return replaced.charging_efficiency / replaced.kwh_per_km


def _avoided(one: BoundedStretch, replaced: ReplacedDriving) -> Bounded:
    car = replaced.kg_per_km.get(one.boundary or "")
    if car is None or one.factor_kg_per_kwh is None:
        return Bounded(None)
    return bounded(one.energy_kwh).scaled(car * _km(replaced) - one.factor_kg_per_kwh)


def _lacking(stretches: Sequence[BoundedStretch], replaced: ReplacedDriving) -> list[str]:
    found = []
    for one in stretches:
        if one.factor_kg_per_kwh is None:
            found.append(
                one.missing or Sentence("no factor is given from {start} to {end}").of(start=one.start, end=one.end)
            )
        elif one.boundary not in replaced.kg_per_km:
            facts = {"start": one.start, "end": one.end, "known": " or ".join(replaced.kg_per_km)}
            found.append(OTHER.of(boundary=one.boundary, **facts) if one.boundary else UNSTATED.of(**facts))
    return found
