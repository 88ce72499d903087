"""Indicators that add up what meters counted: one quantity, one number for each meter."""

from kpi_engine.amounts import MeterAmounts, coverage, estimated_share, reason, total
from kpi_engine.indicator import Outcome


def counted(*lists: MeterAmounts) -> Outcome:
    """Return the sum over the meters of all lists, whole or not at all."""
    return Outcome(total(*lists), coverage(*lists), estimated_share(*lists), reason(*lists))
