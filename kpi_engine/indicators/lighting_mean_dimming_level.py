"""Mean dimming level [percent]: at which level luminaires burn, weighted by the time for which they do."""

from collections.abc import Sequence
from math import fsum
from typing import Final

from ingest.model.sentences import Sentence
from kpi_engine.evidence.amounts import MeterAmounts, estimated_share, reason
from kpi_engine.families.luminaires import BURNING, LUMINAIRES, PERCENT, burnt, counted, reporting
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.formulas.time_share import covered
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome
from kpi_engine.ports.levels import Level, Levels
from kpi_engine.window import Window

REGISTERS: Final = reporting(BURNING)
LEVELS: Final = Levels("dimming_level", LUMINAIRES)
_HOUR: Final = 3600.0


class DimmingLevelInputs(Inputs):
    """The dimming level of each luminaire in percent, 0 while it is off, and its burning hours."""

    levels: tuple[Level, ...]
    burning_h: MeterAmounts


def inputs(window: Window) -> DimmingLevelInputs:
    """Select the levels and hour registers of the luminaires that report both."""
    burning, levels = counted(window, REGISTERS, BURNING), window.given(LEVELS)
    both = {one.meter for one in burning} & {one.device for one in levels}
    return DimmingLevelInputs(
        levels=tuple(one for one in levels if one.device in both),
        burning_h=tuple(one for one in burning if one.meter in both),
    )


def compute(inputs: DimmingLevelInputs) -> Outcome:
    """Return the integral of the level over burning hours, sum over sum."""
    lasted = added(burnt(one) for one in inputs.burning_h)
    seconds = [one.seconds for one in inputs.levels]
    share = covered([one.known for one in inputs.levels], seconds)
    why = "; ".join(filter(None, [reason(inputs.burning_h), _unknown(inputs.levels)])) or None
    lit = _level_hours(inputs.levels)
    if lit.value is None or lasted.value is None:
        return Outcome(None, share, None, why or Sentence("no luminaire tells its dimming level").of())
    if lasted.value <= 0.0:
        return Outcome(None, share, None, Sentence("no luminaire burnt, so there is no level at which it did").of())
    found = ratio(lit, lasted, lit.value / lasted.value)
    return Outcome.of(found, share, estimated_share(inputs.burning_h), why)


def _level_hours(levels: Sequence[Level]) -> Bounded:
    """Return the integral of all levels [percent hours]: while one is not known it is as the others, or anything."""
    known, seconds = fsum(one.known for one in levels), fsum(one.seconds for one in levels)
    least = fsum((one.mean or 0.0) * one.known for one in levels) / _HOUR
    unknown = max(seconds - known, 0.0) / _HOUR
    value = least * (seconds / known) if known > 0.0 else None
    return Bounded(value, least, least + PERCENT * unknown).with_value(value)


def _unknown(levels: Sequence[Level]) -> str | None:
    lacking = [one for one in levels if one.seconds - one.known > 1e-6]
    hours = fsum(one.seconds - one.known for one in lacking) / _HOUR
    return f"the level of {len(lacking)} luminaires is unknown for {hours:g} hours in all" if lacking else None


INDICATOR: Final = Indicator(
    name="lighting_mean_dimming_level",
    title="Mean dimming level while burning",
    unit="percent",
    definition="The level at which luminaires burn [percent], weighted by time: the integral of their dimming level "
    "over their burning hours, of all luminaires that report both. A luminaire that is off reports 0; one that keeps "
    "its level while it is off shows too much, and above 100 the two disagree.",
    formula="l = sum over luminaires of the integral of the dimming level / sum over luminaires of burning hours",
    citation="Dimming level as in TALQ; coefficient of reduction in the operational profiles of EN 13201-5:2015 (both "
    "recalled)",
    frameworks=("EN 13201-5", "TALQ"),
    better=Better.NEITHER,
    boundary="luminaires that report dimming level and burning hours",
    inputs_model=DimmingLevelInputs,
    inputs=inputs,
    compute=compute,
    ports=(REGISTERS, LEVELS),
)
