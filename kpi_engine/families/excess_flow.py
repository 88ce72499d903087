"""Excess flow of substations: what flowed, and what would have, had the water returned as cold as it should.

Each meter has its own volume-weighted supply temperature E8/V; volumes and heat are summed, and a ratio is sum over
sum. A meter whose water comes less than 10 K above the reference has no reference volume, and counts with nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import fsum
from typing import Final

import numpy as np
from pydantic import Field

from ingest.model.policies import RETURN_REFERENCE
from kpi_engine.evidence.amount_columns import EntryColumns
from kpi_engine.evidence.amounts import (
    MeterAmounts,
    amounts,
    bounded,
    chosen,
    coverage,
    estimated_share,
    known,
    names_of,
    reason,
    total,
)
from kpi_engine.families.matched_registers import MatchedRegisters
from kpi_engine.families.volume_weighting import ENERGY, VOLUME
from kpi_engine.formulas.bounded import Bounded, summed
from kpi_engine.formulas.excess_flow import LEAST_SPREAD, reference_heats
from kpi_engine.indicator import Better, Entry, Indicator, Needs, Outcome, Selection
from kpi_engine.ports.policies import PolicyOf
from kpi_engine.window import Window
from processors.steps.columns import Floats

SUPPLY: Final = "volume_supply_temperature"
POLICY: Final = PolicyOf(RETURN_REFERENCE)
NEEDS: Final = Needs((Selection((ENERGY, VOLUME, SUPPLY), carrier="heat", only_reporting=True),))
BOUNDARY: Final = "Consumers' heat meters that report heat, volume and E8, primary side of their substations"
CITATION: Final = (
    "Overflow method for substations: Gadd and Werner 2014, Applied Energy 136 (recalled); EN 1434-1, heat coefficient "
    "k (ratio form recalled); IAPWS-IF97 by iapws 1.5.5"
)
DEFINITION: Final = (
    "Reference volume: what the same heat would have taken from the meter's own volume-weighted supply temperature "
    "down to the reference return temperature, which the city file chooses (policies: return_reference; 40 degC where "
    "it says nothing). Only meters that report heat, volume and E8 count; one whose water came less than 10 K above "
    "the reference has no reference volume, counts with nothing and is named. The flow sensor is assumed in the "
    "return pipe. What may have flowed while a meter was silent is taken to have been as warm as the rest."
)


class ReturnReference(Entry):
    """How warm water should return: the policy that says so, and its temperature in degC."""

    policy: str
    version: str
    degc: float = Field(ge=0, le=150)


class ExcessFlowInputs(MatchedRegisters):
    """Heat in kWh, volume in m3 and volume times supply temperature (E8) in m3.degC, counted by each meter."""

    heat_kwh: MeterAmounts
    volume_m3: MeterAmounts
    volume_supply_m3_degc: MeterAmounts
    return_reference: ReturnReference

    @property
    def registers(self) -> tuple[MeterAmounts, ...]:
        """The three registers."""
        return self.heat_kwh, self.volume_m3, self.volume_supply_m3_degc


@dataclass(frozen=True)
class Flow:
    """What flowed and what would have, in m3, of the meters that count; or ``unknown``: why there is neither."""

    volume: Bounded
    reference: Bounded
    coverage: float
    estimated_share: float | None
    reason: str | None
    unknown: Outcome | None = None


def inputs(window: Window) -> ExcessFlowInputs:
    """Select the three registers of the window, and the reference that the city has chosen."""
    heat, volume, supply = (
        amounts(window.meters, quantity, window.start, window.end) for quantity in (ENERGY, VOLUME, SUPPLY)
    )
    chosen = window.given(POLICY)
    reference = ReturnReference(policy=chosen.name, version=chosen.version, degc=chosen.parameters["degc"])
    return ExcessFlowInputs(heat_kwh=heat, volume_m3=volume, volume_supply_m3_degc=supply, return_reference=reference)


def flow(inputs: ExcessFlowInputs) -> Flow:
    """Return what flowed and what would have."""
    covered, lacking = coverage(*inputs.registers), reason(*inputs.registers)
    nothing = Bounded(None)
    if total(*inputs.registers) is None:
        return Flow(nothing, nothing, covered, None, lacking, Outcome(None, covered, None, lacking))
    per_volume = _per_volume([known(one) for one in inputs.registers], inputs.return_reference.degc)
    counts = ~np.isnan(per_volume)
    unfit = [name for name, is_fit in zip(names_of(inputs.heat_kwh), counts.tolist(), strict=True) if not is_fit]
    why = "; ".join(filter(None, [lacking, _left_out(unfit, inputs.return_reference.degc)])) or None
    if not counts.any():
        return Flow(nothing, nothing, covered, None, why, Outcome(None, covered, None, why))
    volumes, heat = (chosen(entries, counts.tolist()) for entries in (inputs.volume_m3, inputs.heat_kwh))
    return Flow(bounded(volumes), _would(heat, per_volume[counts]), covered, estimated_share(volumes), why)


def _would(heat: MeterAmounts, per_volume: Floats) -> Bounded:
    """Return the volume [m3] that the heat of all meters would have taken, each with its heat per volume."""
    value, (lower, upper) = known(heat), EntryColumns.of(heat).bounds
    by = 1.0 / per_volume
    whole = fsum((value * by).tolist())
    return Bounded(whole, summed((lower * by).tolist()), summed((upper * by).tolist())).with_value(whole)


def _per_volume(registers: Sequence[Floats], reference: float) -> Floats:
    """Return the heat [kWh] that a cubic metre of each meter's water should give; NaN where that cannot be told."""
    heat, flowed, warmth = registers
    flows = flowed > 0.0
    at_rest = np.where(heat == 0.0, reference + LEAST_SPREAD, np.nan)  # heat it may yet have taken came that cold
    return reference_heats(np.where(flows, warmth / np.where(flows, flowed, 1.0), at_rest), reference)


def _left_out(meters: list[str], reference: float) -> str | None:
    if not meters:
        return None
    return (
        f"left out, since they counted no water that came {LEAST_SPREAD:g} K or more above {reference:g} degC: "
        f"{', '.join(meters)}"
    )


excess_flow_indicator: Final = partial(
    Indicator,
    citation=CITATION,
    frameworks=("EN 1434-1",),
    needs=NEEDS,
    inputs_model=ExcessFlowInputs,
    inputs=inputs,
    ports=(POLICY,),
    better=Better.LOWER,
    boundary=BOUNDARY,
)
"""What indicators of excess flow share."""
