"""Electricity of street lighting, as several indicators divide it: by streets, by lit area.

A cabinet counts with all that hangs behind it, controls and losses included; a luminaire counts where it has none.
"""

from functools import partial
from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.indicator import Better, Feeding, Indicator, Months, Needs

LIGHTING: Final = ("lighting_cabinet", "luminaire")
DEFINITION: Final = (
    "Energy is that of cabinets, controls and losses behind them included, and of luminaires that hang below no "
    "cabinet. A luminaire beside a cabinet that is not declared a submeter leaves no figure."
)


lighting_energy_indicator: Final = partial(
    Indicator,
    needs=Needs((consumers("electricity", device_types=LIGHTING),), feeding=Feeding(*LIGHTING)),
    better=Better.LOWER,
    months=Months.ADD_UP,
)
"""What indicators of the energy of street lighting share."""
