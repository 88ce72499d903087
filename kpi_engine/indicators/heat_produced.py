"""Heat produced [kWh]: what plants fed into heat networks in the period."""

from typing import Final

from kpi_engine.families.heat_plants import BOUNDARY, PLANTS
from kpi_engine.families.sum_of_meters import counted_energy, energy_indicator
from kpi_engine.indicator import Needs

INDICATOR: Final = energy_indicator(
    name="heat_produced",
    title="Heat produced by plants",
    definition="Heat produced [kWh]: what plants, and other heat meters in direction production, counted in the period "
    "as fed into networks. What they use themselves before their meter is not in it, what networks lose is.",
    formula="Q = sum over plants of (register at the end - register at the start)",
    citation="EN 1434-1, energy counted by a heat meter; heat generation of EN 15316-4-5 (both recalled)",
    frameworks=("EN 15316-4-5", "EN 1434-1"),
    needs=Needs((PLANTS,)),
    inputs=counted_energy("heat"),
    boundary=BOUNDARY,
)
