"""Energy performance of buildings by the balance of EN ISO 52000-1: what crosses their boundary, weighed by a set.

What a kWh of a carrier is weighed by (primary energy that is renewable or not, emissions), an indicator chooses.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Final, Self

import numpy as np
from pydantic import Field, model_validator

from ingest.model.calendar import Period, covering
from ingest.model.city.device import Direction
from ingest.model.sentences import Sentence
from kpi_engine.boundary.final_energy import consumers
from kpi_engine.evidence.amounts import LONGEST, MeterAmounts, amounts, bounded, coverage, reason
from kpi_engine.evidence.hour_numbers import NO_HOURS, HourNumbers
from kpi_engine.factors.primary_factors import PrimaryFactor
from kpi_engine.families.building_intensity import BUILDINGS
from kpi_engine.families.hour_inputs import HourlyInputs, HourValues, hour_values, not_known
from kpi_engine.families.intensity import SiteFacts, outcome_per, site_facts
from kpi_engine.formulas.energy_balance import ElectricityFactors, crossing, weighted
from kpi_engine.formulas.hour_columns import BoundedHours
from kpi_engine.indicator import Entry, Indicator, Outcome, Selection
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.hours import HourTable, MatchedHours, MeterGroup
from kpi_engine.ports.meters import FurtherMeters
from kpi_engine.ports.primary_energy import ChosenFactors, PrimaryEnergyFactors
from kpi_engine.window import Window

IMPORT, PRODUCTION, EXPORT = "import", "production", "export"
ENERGY: Final = ("electricity_energy",)
SIDES: Final = MatchedHours(
    (
        MeterGroup(IMPORT, Selection(ENERGY, "electricity", verticals=BUILDINGS)),
        MeterGroup(
            PRODUCTION,
            Selection(ENERGY, "electricity", ("photovoltaic_inverter",), BUILDINGS, direction=Direction.PRODUCTION),
            is_needed=False,
        ),
        MeterGroup(
            EXPORT,
            Selection(ENERGY, "electricity", ("electricity_meter",), BUILDINGS, direction=Direction.PRODUCTION),
            is_needed=False,
        ),
    )
)
HEAT: Final = FurtherMeters((consumers("heat", verticals=BUILDINGS),))
AREA: Final = Facts("floor_area", "m2", FactOf.SITES, verticals=BUILDINGS)
FACTORS: Final = PrimaryEnergyFactors()
FLOWS: Final = (
    "electricity that the grid delivered in net, heat delivered and what photovoltaics made, less what "
    "was exported, each with the factor of the set and version that the city file names (primary_energy). The export "
    "is weighed as it was made (step A), and k_exp of the city file says how much of what it replaces in the grid is "
    "credited (step B). All that is metered counts as use of the building, appliances included, which the standard "
    "leaves out. Where photovoltaics are and nobody meters what is fed in, there is no figure."
)
BALANCE: Final = f"hour by hour: {FLOWS}"
CITATION: Final = (
    "EN ISO 52000-1:2017, steps A and B (re-derived from the examples J1 to J5 of ISO/TR 52000-2); SCIS KPI "
    "Guide v2.0, {scis} (recalled); the source of the factors is kept with every figure"
)
FORMULA: Final = (
    "E = (E_del f_el + Q f_heat + E_pv f_pv - E_exp (f_pv + k_exp (f_exp - f_pv))) / floor area, by the hour "
    "E_del = max(import - export, 0), E_exp = max(export - import, 0)"
)


Weight = Callable[[PrimaryFactor], float]
"""Chooses what a kWh of a carrier is weighed by."""


class WeightsRow(Entry):
    """What each kWh is weighed by (kWh of primary energy, or kg), by ``version`` of the set ``name``, with its source.

    ``replaced``: of what exported electricity replaces in the grid; ``k_exp``: how much of that is credited.
    """

    name: str
    version: str
    source: str
    electricity: float = Field(ge=0, le=10)
    heat: float = Field(ge=0, le=10)
    photovoltaics: float = Field(ge=0, le=10)
    replaced: float = Field(ge=0, le=10)
    k_exp: float = Field(default=0.0, ge=0, le=1)


class BalanceInputs(HourlyInputs):
    """Hours of import, production and export, and the heat of each main meter, in kWh; factors, floor areas in m2.

    ``is_export_known``: a meter counts what is fed in; ``seconds``: of the period. ``step_hours``: how many hours each
    step of the balance has, within which import and export are netted; empty: each hour is a step.
    """

    import_kwh: HourValues
    production_kwh: HourValues = HourValues(value=NO_HOURS)
    export_kwh: HourValues = HourValues(value=NO_HOURS)
    heat_kwh: MeterAmounts = ()
    factors: WeightsRow | None
    floor_area_m2: SiteFacts
    is_export_known: bool = True
    step_hours: tuple[Annotated[int, Field(ge=1)], ...] = ()
    seconds: float = Field(ge=1e-6, le=LONGEST)

    @model_validator(mode="after")
    def _steps_hold_every_hour(self) -> Self:
        if self.step_hours and sum(self.step_hours) != len(self.import_kwh.value):
            raise ValueError("expected step_hours to add up to the hours of import")
        return self


def selected(window: Window, weight: Weight, step: Period = Period.HOUR) -> BalanceInputs:
    """Select the hours of electricity, the heat, the factors that ``weight`` chooses, the areas, and the steps."""
    table = window.given(SIDES)
    return BalanceInputs(
        import_kwh=hour_values(table, IMPORT),
        production_kwh=hour_values(table, PRODUCTION),
        export_kwh=hour_values(table, EXPORT),
        heat_kwh=amounts(window.given(HEAT), "heat_energy", window.start, window.end),
        factors=weights_of(window.given(FACTORS), weight),
        floor_area_m2=site_facts(window.given(AREA)),
        is_export_known=EXPORT in table.columns or IMPORT in table.nets or PRODUCTION not in table.columns,
        step_hours=() if step is Period.HOUR else _step_hours(table, step),
        seconds=window.seconds,
    )


def _step_hours(table: HourTable, step: Period) -> tuple[int, ...]:
    """Return how many of the hours begin in each civil month, or whatever a step is."""
    if len(table.edges) < 2:
        return ()
    starts = table.edges[:-1]
    steps = covering(int(starts[0]), int(table.edges[-1]), step, table.zone)
    counts: list[int] = np.diff(np.searchsorted(starts, steps)).tolist()
    return tuple(count for count in counts if count)


def selecting(weight: Weight, step: Period = Period.HOUR) -> Callable[[Window], BalanceInputs]:
    """Return what selects the flows of a window, weighed by ``weight`` and netted within a ``step``."""
    return lambda window: selected(window, weight, step)


def per_area(inputs: BalanceInputs) -> Outcome:
    """Return the weighed energy over the floor area."""
    found = of_balance(inputs, inputs.factors)
    if refused(inputs):
        return found
    return outcome_per(found, inputs.floor_area_m2, inputs.seconds, "floor_area")


def refused(inputs: BalanceInputs) -> str | None:
    """Say why there is no balance, whatever is measured; None where there is one."""
    if inputs.factors is None:
        return "no primary-energy factors are published by the name that the city gives"
    if not inputs.is_export_known:
        return Sentence("nobody meters what is fed into the grid, so what is used is not known").of()
    return None


def of_balance(inputs: BalanceInputs, by: WeightsRow | None) -> Outcome:
    """Return the weighed energy of the whole period."""
    sides = [one for one in (inputs.import_kwh, inputs.production_kwh, inputs.export_kwh) if one.value]
    heat = [inputs.heat_kwh] if inputs.heat_kwh else []
    covered = min([*(one.known_share for one in sides), *map(coverage, heat)], default=0.0)
    why = "; ".join(filter(None, [not_known(*sides), *map(reason, heat)])) or None
    if by is None or refused(inputs):
        return Outcome(None, covered, None, refused(inputs))
    if not inputs.import_kwh.value:
        return Outcome(None, covered, None, why or "no hours of electricity are known")
    count = len(inputs.import_kwh.value)
    bought, made, sold = (_filled(one, count) for one in (inputs.import_kwh, inputs.production_kwh, inputs.export_kwh))
    net = bought - sold
    found = weighted(
        crossing(net.over_steps(inputs.step_hours) if inputs.step_hours else net, made),
        ElectricityFactors(by.electricity, by.photovoltaics, by.replaced),
        [(bounded(one), by.heat) for one in heat],
        by.k_exp,
    )
    return replace(Outcome.of(found, covered), reason=why)


def _filled(hours: HourValues, count: int) -> BoundedHours:
    """Return the hours of one side; where nobody is on it, it is 0 in each of ``count`` hours."""
    return hours.filled if hours.value else HourValues(value=HourNumbers(np.zeros(count))).hours


def weights_of(chosen: ChosenFactors | None, weight: Weight) -> WeightsRow | None:
    """Return what kWh are weighed by; None where nothing of the name is published that the city gives."""
    if chosen is None or chosen.version is None:
        return None
    factors = chosen.version.factors
    return WeightsRow(
        name=chosen.choice.factors,
        version=chosen.version.version,
        source=f"{chosen.version.source}; {chosen.version.page}",
        electricity=weight(factors.electricity),
        heat=weight(factors.heat),
        photovoltaics=weight(factors.photovoltaics),
        replaced=weight(factors.exported_electricity),
        k_exp=chosen.choice.k_exp,
    )


balance_indicator: Final = partial(
    Indicator,
    boundary="Energy at the main meters of buildings, and photovoltaics behind them",
    interval="hour",
    ports=(SIDES, HEAT, AREA, FACTORS),
)
"""What indicators of the balance share."""

per_area_indicator: Final = partial(balance_indicator, inputs_model=BalanceInputs, compute=per_area)
"""What those per floor area share."""
