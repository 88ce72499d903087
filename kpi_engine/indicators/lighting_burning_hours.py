"""Burning hours [h]: how long a luminaire burnt in the period, as the mean over luminaires that report it."""

from math import fsum
from typing import Final

from pydantic import Field

from kpi_engine.evidence.amounts import LONGEST, MeterAmounts, amounts, bounded, coverage, estimated_share, reason
from kpi_engine.indicator import Better, Indicator, Inputs, Needs, Outcome, Selection
from kpi_engine.window import Window


class BurningHoursInputs(Inputs):
    """Hours counted by each luminaire, and the length of the period in seconds."""

    burning_h: MeterAmounts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> BurningHoursInputs:
    """Select the hour registers of the luminaires."""
    hours = amounts(window.meters, "burning_hours", window.start, window.end)
    return BurningHoursInputs(burning_h=hours, seconds=window.seconds)


def compute(inputs: BurningHoursInputs) -> Outcome:
    """Return the sum of hours over the luminaires that stood in the period, each by its share of it."""
    hours, luminaires = inputs.burning_h, fsum(entry.seconds for entry in inputs.burning_h) / inputs.seconds
    burnt = bounded(hours)
    value = None if burnt.value is None else burnt.value / luminaires
    mean = burnt.scaled(1 / luminaires).with_value(value) if luminaires else burnt
    return Outcome.of(mean, coverage(hours), estimated_share(hours), reason(hours))


INDICATOR: Final = Indicator(
    name="lighting_burning_hours",
    title="Burning hours per luminaire",
    unit="h",
    definition="Burning hours [h]: the mean over the luminaires that report them. A luminaire that stood for a part "
    "of the period counts as that part of one. One that is out of order and says so with an hour register that stands "
    "still counts with 0 h; a silent one leaves no figure.",
    formula="h = sum over luminaires of (hour register at the end - at the start) / luminaires, each by its share of "
    "the period",
    citation="Annual operating time in EN 13201-5:2015, energy performance indicators (recalled)",
    frameworks=("EN 13201-5",),
    needs=Needs(
        (Selection(("burning_hours",), device_types=("luminaire",), only_reporting=True),),
        nested=False,
    ),
    better=Better.NEITHER,
    boundary="luminaires that count their burning hours; the length of the nights is not taken out of it",
    inputs_model=BurningHoursInputs,
    inputs=inputs,
    compute=compute,
)
