"""Burning hours against the sun [%]: how much longer luminaires burnt than the sun was down."""

from dataclasses import replace
from math import fsum
from typing import Final

from kpi_engine.evidence.amounts import MeterAmounts, coverage, estimated_share, reason
from kpi_engine.families.luminaires import BURNING, LUMINAIRES, PERCENT, burnt, counted, reporting
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.formulas.lamp_policies import PHOTOCELL_35_LUX
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome
from kpi_engine.ports.sun import SunDown, SunTime
from kpi_engine.window import Window

REGISTERS: Final = reporting(BURNING)
SUN: Final = SunDown(PHOTOCELL_35_LUX, BURNING, LUMINAIRES)


class BurningAgainstSunInputs(Inputs):
    """Hours counted by each luminaire, and how long the sun was down by ``policy`` while each stood."""

    burning_h: MeterAmounts
    sun: tuple[SunTime, ...]
    policy: str = f"{PHOTOCELL_35_LUX.name} {PHOTOCELL_35_LUX.version}"


def inputs(window: Window) -> BurningAgainstSunInputs:
    """Select the hour registers of the luminaires, and the sun over them."""
    return BurningAgainstSunInputs(burning_h=counted(window, REGISTERS, BURNING), sun=window.given(SUN))


def compute(inputs: BurningAgainstSunInputs) -> Outcome:
    """Return (burnt - night) over night, sum over sum; None where an amount is missing, or the sun never went down."""
    hours, down = inputs.burning_h, {one.device: one.below_h for one in inputs.sun}
    covered, lasted = coverage(hours), added(burnt(one) for one in hours)
    if unlit := sorted({one.meter for one in hours} - down.keys()):
        return Outcome(None, covered, None, f"nothing is said of the sun over {', '.join(unlit)}")
    night = fsum(down[one] for one in {entry.meter for entry in hours})
    if lasted.value is None:
        return Outcome(None, covered, None, reason(hours))
    if night <= 0.0:
        return Outcome(None, covered, None, "the sun never went down in this period, and nothing can be divided by it")
    share = lasted.scaled(PERCENT / night).with_value(PERCENT * lasted.value / night)
    value = PERCENT * fsum((lasted.value, -night)) / night
    found = added((share, Bounded.exact(-PERCENT))).with_value(value)
    return replace(Outcome.of(found, covered, estimated_share(hours), reason(hours)), scale=PERCENT)


INDICATOR: Final = Indicator(
    name="lighting_burning_hours_deviation",
    title="Burning hours against the sun",
    unit="%",
    definition="How much longer luminaires burnt than the sun was down [%], over all that count their burning hours; "
    "negative where they burnt less, since they are switched off at night, or are out of order. The sun is down by "
    f"the policy {PHOTOCELL_35_LUX.name}, version {PHOTOCELL_35_LUX.version}: its centre stands more than "
    f"{-PHOTOCELL_35_LUX.below:g} degrees below the horizon, at the latitude and longitude of the city file, without "
    "refraction. A luminaire that stood for a part of the period is held against the sun of that part.",
    formula="d = (sum over luminaires of burning hours - sum over luminaires of hours with the sun down) / sum over "
    "luminaires of hours with the sun down",
    citation="Annual operating time of EN 13201-5:2015 against the astronomical schedule (recalled); position of the "
    "sun by astral 3.2; 35 lx at 3.4 degrees (recalled)",
    frameworks=("EN 13201-5",),
    better=Better.NEITHER,
    boundary="luminaires that count their burning hours; by day and by night",
    inputs_model=BurningAgainstSunInputs,
    inputs=inputs,
    compute=compute,
    ports=(REGISTERS, SUN),
)
