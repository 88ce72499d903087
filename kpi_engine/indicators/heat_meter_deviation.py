"""Heat counted against heat carried [%]: the energy register against volume and both temperatures of the same meter."""

from dataclasses import replace
from math import fsum, inf
from typing import Final

import numpy as np

from kpi_engine.evidence.amounts import (
    MeterAmounts,
    amounts,
    bounded,
    coverage,
    estimated_share,
    known,
    names_of,
    reason,
    total,
)
from kpi_engine.families.matched_registers import MatchedRegisters
from kpi_engine.families.volume_weighting import VOLUME
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.formulas.water import COLDEST, HOTTEST, heat_per_volumes
from kpi_engine.indicator import Indicator, Needs, Outcome, Selection
from kpi_engine.window import Window
from processors.steps.columns import Floats

ENERGY, SUPPLY, RETURN = "heat_energy", "volume_supply_temperature", "volume_return_temperature"
PERCENT: Final = 100.0


class HeatCheckInputs(MatchedRegisters):
    """Energy in kWh, volume in m3, and volume times supply (E8) and return (E9) temperature in m3.degC, by meter."""

    energy_kwh: MeterAmounts
    volume_m3: MeterAmounts
    volume_supply_m3_degc: MeterAmounts
    volume_return_m3_degc: MeterAmounts

    @property
    def registers(self) -> tuple[MeterAmounts, ...]:
        """The four registers."""
        return self.energy_kwh, self.volume_m3, self.volume_supply_m3_degc, self.volume_return_m3_degc


def inputs(window: Window) -> HeatCheckInputs:
    """Select the four registers of the window."""
    energy, volume, supply, back = (
        amounts(window.meters, quantity, window.start, window.end) for quantity in (ENERGY, VOLUME, SUPPLY, RETURN)
    )
    return HeatCheckInputs(
        energy_kwh=energy, volume_m3=volume, volume_supply_m3_degc=supply, volume_return_m3_degc=back
    )


def compute(inputs: HeatCheckInputs) -> Outcome:
    """Return (counted - carried) over carried, sum over sum; None where a register is missing or no heat flowed."""
    covered, counted = coverage(*inputs.registers), total(inputs.energy_kwh)
    if counted is None or total(*inputs.registers) is None:
        return Outcome(None, covered, None, reason(*inputs.registers))
    carried = _carried(*map(known, inputs.registers[1:]))
    if len(unfit := np.flatnonzero(np.isnan(carried))):
        every = names_of(inputs.energy_kwh)
        names = ", ".join(every[place] for place in unfit.tolist())
        why = f"expected supply and return, the supply no colder, from {COLDEST:g} to {HOTTEST:g} degC: {names}"
        return Outcome(None, covered, None, why)
    if not (expected := fsum(carried.tolist())) > 0.0:
        return Outcome(None, covered, None, "no water flowed, or it did not cool down, so no heat was carried")
    deviation = PERCENT * fsum((counted, -expected)) / expected
    energy, volume = bounded(inputs.energy_kwh), bounded(inputs.volume_m3)
    of_volume = volume.half_width / volume.value if volume.value else inf
    carried_within = Bounded(expected, expected * (1 - of_volume), expected * (1 + of_volume))
    found = ratio(energy, carried_within, counted / expected).scaled(PERCENT)
    outcome = Outcome.of(
        added((found, Bounded.exact(-PERCENT))).with_value(deviation),
        covered,
        estimated_share(inputs.energy_kwh),
        reason(*inputs.registers),
    )
    return replace(outcome, scale=PERCENT)


def _carried(flowed: Floats, warm: Floats, cold: Floats) -> Floats:
    """Return the heat [kWh] that the water of each meter carried; 0 where none flowed, NaN where that is not known."""
    flows = flowed > 0.0
    by = np.where(flows, flowed, 1.0)
    return np.where(flows, heat_per_volumes(warm / by, cold / by) * flowed, np.where(flowed == 0.0, 0.0, np.nan))


INDICATOR: Final = Indicator(
    name="heat_meter_deviation",
    title="Heat counted against heat carried by the water",
    unit="%",
    definition="How far the energy registers of heat meters lie above the heat that their own volume and temperatures "
    "stand for [%]: a check of meters that report all four registers, submeters included. The flow sensor is assumed "
    "in the return pipe; one in the supply pipe shows 1.6 to 3 % too little. k is taken at the volume-weighted "
    "temperatures of the period.",
    formula="d = (sum of dE - sum of k x (dE8 - dE9)) / sum of k x (dE8 - dE9), k = (h_s - h_r) / (v_r x (T_s - T_r))",
    citation="EN 1434-1, heat coefficient k (ratio form recalled; flow sensor and 16 bar as in the manual of Kamstrup "
    "MULTICAL 403); IAPWS-IF97 by iapws 1.5.5",
    frameworks=("EN 1434-1",),
    needs=Needs((Selection((ENERGY, VOLUME, SUPPLY, RETURN), carrier="heat", only_reporting=True),), nested=False),
    inputs_model=HeatCheckInputs,
    inputs=inputs,
    compute=compute,
    boundary="Heat meters that report all four registers, submeters included: each against its own water",
)
