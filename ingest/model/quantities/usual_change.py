"""How far and how fast a quantity usually changes as a gauge, in its canonical unit, and where that comes from."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class UsualChange:
    """A departure of at most ``tolerance`` is none; None: not judged. ``source``: where the numbers come from."""

    tolerance: float | None
    max_per_hour: float | None
    source: str


WMO: Final = (
    "Zahumensky 2004, Guidelines on Quality Control Procedures for Data from Automatic Weather Stations (recalled)"
)

SWITCHED: Final = UsualChange(
    None, None, "Engineering judgement: it switches, jumps and rests as its users do; none of that is a fault."
)
COUNTED: Final = UsualChange(
    None, None, "A register is read by its contract, ingest/model/registers.py; one at rest is not stuck."
)
FACTOR: Final = UsualChange(
    0.5, None, "Engineering judgement: no plant or grid moves by 0.5 kg/kWh for an hour, and back."
)
MIX: Final = UsualChange(
    60.0, None, "Engineering judgement: no grid moves by 60 percent of its mix for an hour, and back."
)
OF_INTERVALS: Final = UsualChange(
    None, None, "Engineering judgement: loads switch; amounts for intervals are judged by what a city file declares."
)
