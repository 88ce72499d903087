"""Registers that fall again and again without returning, though nobody declared that they run backwards.

A meter that feeds in may count backwards; then a fall is an amount. Undeclared, it is taken for a register that went on
from an older value, each time: its bounds are wide, and nobody knows why unless it is told.
"""

from datetime import timedelta
from typing import Final

from ingest.model.alarm import Falling, Limit, Rule, Severity


def _backwards(quantity: str, title: str, reason: str) -> Rule:
    return Rule(
        name=f"{quantity}_runs_backwards",
        title=title,
        severity=Severity.MAJOR,
        device_types=(),
        measure=Falling(quantity),
        unit="falls",
        raised=Limit(3.0),
        cleared=Limit(0.0, timedelta(days=7)),
        message=f"{quantity} has fallen {{value:.0f}} times in a row since {{since}} and did not return. If the meter "
        "may run backwards, declare on_decrease: net in its register_contract; if not, look at how it is mounted. "
        "Until then only what it rises is counted, bounds reach down by what it fell, and figures are not final where "
        "that is more than 5 percent of them",
        rationale=f"A register that jitters returns with the next reading, one that lost a value falls once; {reason}",
        remedy="Whether something feeds in behind the meter: then declare `on_decrease: net`. If not, how it is "
        "mounted, and which way current or water flows through it.",
    )


RULES: Final = (
    _backwards("electricity_energy", "Electricity register runs backwards", "one that feeds in falls for hours."),
    _backwards("heat_energy", "Heat register runs backwards", "only a meter that is mounted wrongly falls on."),
    _backwards("volume", "Volume register runs backwards", "only water that flows back makes it fall on."),
)
