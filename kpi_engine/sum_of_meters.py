"""Indicators that add up what meters counted: one quantity, one number for each meter."""

from kpi_engine.amounts import MeterAmounts, bounded, coverage, estimated_share, reason
from kpi_engine.indicator import Outcome


def sum_of_meters(*lists: MeterAmounts) -> Outcome:
    """Return the sum over the meters of all lists, with its bounds."""
    return Outcome.of(bounded(*lists), coverage(*lists), estimated_share(*lists), reason(*lists))
