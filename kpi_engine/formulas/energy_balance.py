"""The energy balance of EN ISO 52000-1: what is delivered and exported, weighted by any set of factors.

Within each step (an hour, a month), what is produced on site is used first; the rest of the use is delivered, and the
rest of the production exported. Step A weighs what is delivered and made, less what is exported, by how it was made.
Step B credits what the export replaces in the grid: ``k_exp`` of the difference. (Re-derived from the examples of
ISO/TR 52000-2.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.formulas.hour_columns import BoundedHours


class Flows(NamedTuple):
    """Electricity of all steps in kWh: delivered by the grid, produced on site, exported to the grid."""

    delivered: Bounded
    produced: Bounded
    exported: Bounded


def flows(use: BoundedHours, production: BoundedHours) -> Flows:
    """Match use and production step by step; their difference is what crosses the boundary."""
    return crossing(use - production, production)


def crossing(net: BoundedHours, production: BoundedHours) -> Flows:
    """Return the flows from what came in less what went out in each step, as meters at the connection count it."""
    out = BoundedHours(-net.value, -net.upper, -net.lower)
    return Flows(net.non_negative().total(), production.total(), out.non_negative().total())


@dataclass(frozen=True)
class ElectricityFactors:
    """What a kWh of electricity counts: from the grid, made on site, and where the export replaces it (step B)."""

    grid: float
    on_site: float
    replaced: float


def weighted(
    electricity: Flows,
    factors: ElectricityFactors,
    others: Sequence[tuple[Bounded, float]] = (),
    k_exp: float = 0.0,
) -> Bounded:
    """Return what the energy used counts: step A where ``k_exp`` is 0, step B in full at 1.

    ``others`` are the amounts of further carriers delivered, each with its factor.
    """
    exported = factors.on_site + k_exp * (factors.replaced - factors.on_site)
    parts = (
        (electricity.delivered, factors.grid),
        (electricity.produced, factors.on_site),
        (electricity.exported, -exported),
        *others,
    )
    return added(amount.scaled(factor) for amount, factor in parts)
