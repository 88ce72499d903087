"""A heat network: what plants supplied, and what the topmost meters of the sites that they reach counted [kWh]."""

from functools import partial
from typing import Final

from ingest.model.sentences import Sentence
from kpi_engine.boundary.balancing import DELIVERED, SUPPLIED
from kpi_engine.boundary.final_energy import consumers
from kpi_engine.evidence.amounts import MeterAmounts, amounts, coverage, reason, total
from kpi_engine.indicator import Balance, Better, Indicator, Inputs, Outcome
from kpi_engine.ports.balance import Balanced
from kpi_engine.window import Window

ENERGY: Final = "heat_energy"
NETWORK: Final = Balanced(Balance.NETWORK, consumers("heat"))
BOUNDARY: Final = (
    "From where plants feed heat into the network to the topmost heat meters of the sites that they serve: pipes, and "
    "substations up to their meters"
)
DEFINITION: Final = (
    "of a plant's site with all it serves, or of the city: plants against the topmost heat meters of the sites that "
    "they reach (serves). Heat that a second plant may have supplied is refused."
)


class HeatLossInputs(Inputs):
    """Heat produced by each plant and counted by each topmost meter that it reaches, in kWh."""

    supplied_kwh: MeterAmounts
    delivered_kwh: MeterAmounts


def inputs(window: Window) -> HeatLossInputs:
    """Select the energy registers of both sides."""
    return HeatLossInputs(supplied_kwh=of_side(window, SUPPLIED), delivered_kwh=of_side(window, DELIVERED))


def of_side(window: Window, role: str) -> MeterAmounts:
    """Select the heat of the meters on one side of the network."""
    return amounts(window.in_role(role), ENERGY, window.start, window.end)


def not_known(supplied: MeterAmounts, delivered: MeterAmounts) -> Outcome | None:
    """Return why nothing can be said of what lies between both sides; None where both are known."""
    lists = (supplied, delivered)
    if not all(lists):
        why = Sentence("no plant, or no meter that it serves, is registered for this period").of()
        return Outcome(None, coverage(*lists), None, why)
    if total(*lists) is None:
        return Outcome(None, coverage(*lists), None, reason(*lists))
    return None


loss_indicator: Final = partial(
    Indicator,
    frameworks=("EN 15316-4-5",),
    ports=(NETWORK,),
    inputs_model=HeatLossInputs,
    inputs=inputs,
    better=Better.LOWER,
    boundary=BOUNDARY,
)
"""What indicators of heat lost share."""
