"""Indicators that add up what meters counted: one quantity, one number for each meter."""

from collections.abc import Callable
from functools import partial
from typing import Final

from kpi_engine.boundary.final_energy import energy
from kpi_engine.evidence.amounts import MeterAmounts, bounded, coverage, estimated_share, reason
from kpi_engine.indicator import Indicator, Inputs, Months, Outcome
from kpi_engine.window import Window


class EnergyByMeter(Inputs):
    """Energy counted by each meter, in kWh."""

    energy_kwh: MeterAmounts


def counted_energy(carrier: str) -> Callable[[Window], EnergyByMeter]:
    """Return what selects the energy registers of a carrier in a window."""
    return lambda window: EnergyByMeter(energy_kwh=energy(window, carrier))


def sum_of_meters(*lists: MeterAmounts) -> Outcome:
    """Return the sum over the meters of all lists, with its bounds."""
    return Outcome.of(bounded(*lists), coverage(*lists), estimated_share(*lists), reason(*lists))


def sum_of_energy(inputs: EnergyByMeter) -> Outcome:
    """Return the sum over the meters."""
    return sum_of_meters(inputs.energy_kwh)


energy_indicator: Final = partial(
    Indicator,
    unit="kWh",
    inputs_model=EnergyByMeter,
    compute=sum_of_energy,
    is_sum=True,
    months=Months.ADD_UP,
)
"""What sums of the energy of one carrier share."""
