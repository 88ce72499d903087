"""Saving by dimming [%]: what luminaires took less than at full power for as long as they burnt."""

from collections.abc import Sequence
from dataclasses import replace
from math import fsum
from typing import Final

from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.evidence.amounts import MeterAmount, MeterAmounts, bounded, coverage, estimated_share, reason
from kpi_engine.families.intensity import SiteFact, SiteFacts, site_facts
from kpi_engine.families.luminaires import BURNING, ENERGY, LUMINAIRES, PERCENT, burnt, counted, reporting
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.window import Window

REGISTERS: Final = reporting(ENERGY, BURNING)
RATED: Final = Facts("rated_power", "kW", FactOf.DEVICES, LUMINAIRES)
_NAMED: Final = 3


class DimmingInputs(Inputs):
    """Energy in kWh and burning hours of each luminaire, and its rated power in kW, named after the luminaire."""

    energy_kwh: MeterAmounts
    burning_h: MeterAmounts
    rated_power_kw: SiteFacts


def inputs(window: Window) -> DimmingInputs:
    """Select both registers of the luminaires, and their rated power."""
    energy = counted(window, REGISTERS, ENERGY)
    metered = {one.meter for one in energy}
    rated = tuple(one for one in site_facts(window.given(RATED)) if one.site in metered)
    return DimmingInputs(energy_kwh=energy, burning_h=counted(window, REGISTERS, BURNING), rated_power_kw=rated)


def compute(inputs: DimmingInputs) -> Outcome:
    """Return 1 - energy over full energy, sum over sum; None where an amount or a rated power is missing."""
    lists = (inputs.energy_kwh, inputs.burning_h)
    covered, used = coverage(*lists), bounded(inputs.energy_kwh)
    rated: dict[str, list[SiteFact]] = {}
    for one in inputs.rated_power_kw:
        rated.setdefault(one.site, []).append(one)
    if lacking := _unstated(inputs.burning_h, rated):
        return Outcome(None, covered, None, "; ".join(filter(None, [lacking, reason(*lists)])))
    full = added(_at_full(one, rated[one.meter]) for one in inputs.burning_h)
    if used.value is None or full.value is None:
        return Outcome(None, covered, None, reason(*lists))
    if full.value <= 0.0:
        return Outcome(None, covered, None, Sentence("no luminaire burnt, so none was dimmed").of())
    value = PERCENT * fsum((full.value, -used.value)) / full.value
    through = ratio(used, full, used.value / full.value).scaled(-PERCENT)
    found = added((Bounded.exact(PERCENT), through)).with_value(value)
    return replace(Outcome.of(found, covered, estimated_share(*lists), reason(*lists)), scale=PERCENT)


def _at_full(one: MeterAmount, rated: Sequence[SiteFact]) -> Bounded:
    """Return what a luminaire would have taken: where its power changed, which hours were before is not known."""
    powers = [one.value for one in rated if one.value is not None]
    mean = fsum((one.value or 0.0) * one.seconds for one in rated) / fsum(one.seconds for one in rated)
    hours = burnt(one)
    value = None if hours.value is None else mean * hours.value
    return Bounded(value, hours.scaled(min(powers)).lower, hours.scaled(max(powers)).upper).with_value(value)


def _unstated(burning: MeterAmounts, rated: dict[str, list[SiteFact]]) -> str | None:
    """Say of which luminaires the rated power is not known."""
    sentences = [
        f"{one.meter}: {next((fact.missing for fact in rated.get(one.meter, ()) if fact.missing), UNSTATED)}"
        for one in burning
        if one.meter not in rated or any(fact.value is None for fact in rated[one.meter])
    ]
    return first_of(dict.fromkeys(sentences), _NAMED, "; ") or None


UNSTATED: Final = "its rated_power is not stated"

INDICATOR: Final = Indicator(
    name="lighting_dimming_saving",
    title="Saving of street lighting by dimming",
    unit="%",
    definition="What luminaires took less than they would have at full power for as long as they burnt [%], over all "
    "that count their energy and their burning hours. Full power is the fact rated_power of their site: that of one "
    "luminaire with its driver. What a controller takes by day is in the energy and not in the burning hours, so the "
    "saving is a little more than is shown. Burning shorter is no saving here: see lighting_burning_hours_deviation. "
    "Negative where luminaires take more than their site states.",
    formula="s = 1 - sum over luminaires of energy / sum over luminaires of (rated power x burning hours)",
    citation="Dimming saving 1 - E / (P_full h_on), as used for controls of street lighting; coefficient of reduction "
    "in the operational profiles of EN 13201-5:2015 (both recalled)",
    frameworks=("EN 13201-5",),
    better=Better.HIGHER,
    boundary="luminaires that count energy and burning hours, with their controllers; without cabinets and cables",
    inputs_model=DimmingInputs,
    inputs=inputs,
    compute=compute,
    ports=(REGISTERS, RATED),
    months=Months.SIDE_BY_SIDE,
)
