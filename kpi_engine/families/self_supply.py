"""Photovoltaics against the load of the same hour [kWh]: what is used on site, of what is produced and of what is used.

load = import + production - export; used = min(load, production), hour by hour: netting over a year would overstate it.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from ingest.model.city.device import Direction
from ingest.model.sentences import Sentence
from kpi_engine.evidence.hour_numbers import NO_HOURS
from kpi_engine.families.hour_inputs import HourlyInputs, HourValues, hour_values, not_known
from kpi_engine.formulas.bounded import Bounded, ratio
from kpi_engine.formulas.hour_columns import BoundedHours, least_of
from kpi_engine.indicator import Better, Indicator, Months, Outcome, Selection
from kpi_engine.ports.hours import MatchedHours, MeterGroup
from kpi_engine.window import Window

PERCENT: Final = 100.0
ENERGY: Final = ("electricity_energy",)
IMPORT, PRODUCTION, EXPORT = "import", "production", "export"
ROOF: Final = Selection(ENERGY, "electricity", ("photovoltaic_inverter",), direction=Direction.PRODUCTION)
SIDES: Final = MatchedHours(
    (
        MeterGroup(IMPORT, Selection(ENERGY, "electricity")),
        MeterGroup(
            PRODUCTION, Selection(ENERGY, "electricity", ("photovoltaic_inverter",), direction=Direction.PRODUCTION)
        ),
        MeterGroup(
            EXPORT,
            Selection(ENERGY, "electricity", ("electricity_meter",), direction=Direction.PRODUCTION),
            is_needed=False,
        ),
    )
)
DEFINITION: Final = (
    "Hour by hour, photovoltaic production against the load of the same hour: import plus production less what is fed "
    "into the grid. What is fed in is counted by a meter of its own, an electricity meter in direction production, or "
    "by a main meter that counts backwards (on_decrease: net); without either there is no figure. Import is that of "
    "the topmost meters."
)
BOUNDARY: Final = "Electricity at the topmost meters, the photovoltaics behind them, and what is fed into the grid"
CITATION: Final = (
    "Degree of energetic self-supply, SCIS KPI Guide v2.0, 2.1.3 (formula recalled); matching by balance interval as "
    "in EN ISO 52000-1 (E_pr,used = min(use, production), re-derived)"
)


class SelfSupplyInputs(HourlyInputs):
    """Hours of import, production and export in kWh; ``is_export_known``: a meter counts what is fed in."""

    import_kwh: HourValues
    production_kwh: HourValues
    export_kwh: HourValues = HourValues(value=NO_HOURS)
    is_export_known: bool = True

    @property
    def load(self) -> BoundedHours:
        """What is used on site."""
        taken = self.import_kwh.filled + self.production_kwh.filled
        return (taken - self.export_kwh.filled if self.export_kwh.value else taken).non_negative()

    @property
    def used(self) -> BoundedHours:
        """What is used on site of what is produced there."""
        return least_of(self.load, self.production_kwh.filled.non_negative())


def inputs(window: Window) -> SelfSupplyInputs:
    """Select the hours of all three sides."""
    table = window.given(SIDES)
    return SelfSupplyInputs(
        import_kwh=hour_values(table, IMPORT),
        production_kwh=hour_values(table, PRODUCTION),
        export_kwh=hour_values(table, EXPORT),
        is_export_known=EXPORT in table.columns or IMPORT in table.nets,
    )


def refused(inputs: SelfSupplyInputs) -> str | None:
    """Say why nothing can be told of what is used on site, whatever is measured; None where it can."""
    if not inputs.is_export_known and inputs.production_kwh.value:
        return Sentence("nobody meters what is fed into the grid, so what is used is not known").of()
    return None


def known_of(inputs: SelfSupplyInputs) -> tuple[float, str | None]:
    """Return the share of hours that are known on every side, and what is not, in words."""
    sides = [inputs.import_kwh, inputs.production_kwh, *([inputs.export_kwh] if inputs.export_kwh.value else [])]
    return min(side.known_share for side in sides), not_known(*sides)


def share_used(inputs: SelfSupplyInputs, of: BoundedHours, what: str) -> Outcome:
    """Return what is used of the production over the sum of ``of`` [%]; ``what`` says in words what that is."""
    return share_of(inputs, inputs.used, of, what, within=_at_most_all)


def share_of(
    inputs: SelfSupplyInputs,
    part: BoundedHours,
    of: BoundedHours,
    what: str,
    within: Callable[[Bounded], Bounded] = lambda found: found,
) -> Outcome:
    """Return the sum of ``part`` over that of ``of`` [%], its bounds ``within`` what can be."""
    covered, why = known_of(inputs)
    if lacking := refused(inputs):
        return Outcome(None, covered, None, lacking)
    over, whole = part.total(), of.total()
    if over.value is None or whole.value is None:
        return Outcome(None, covered, None, why or Sentence("no hours are known").of())
    if whole.value <= 0.0:
        return Outcome(None, covered, None, f"nothing was {what}, and nothing can be divided by it")
    found = within(ratio(over, whole, over.value / whole.value))
    return replace(Outcome.of(found.scaled(PERCENT), covered), reason=why)


def _at_most_all(found: Bounded) -> Bounded:
    """Return a share between nothing and all of the whole."""
    return Bounded(found.value, max(found.lower, 0.0), min(found.upper, 1.0)).with_value(found.value)


hours_indicator: Final = partial(
    Indicator,
    citation=CITATION,
    inputs_model=SelfSupplyInputs,
    inputs=inputs,
    boundary=BOUNDARY,
    interval="hour",
    ports=(SIDES,),
)
"""What indicators of production beside load share."""

self_supply_indicator: Final = partial(
    hours_indicator,
    unit="%",
    frameworks=("SCIS 2.1.3", "EN ISO 52000-1"),
    better=Better.HIGHER,
    months=Months.SIDE_BY_SIDE,
)
"""What shares of self-supply have in common."""
