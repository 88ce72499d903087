"""Emissions of energy with dated factors [kg]: the sum over stretches of one factor of energy times that factor.

Energy in kWh, factors in kg/kWh. Several carriers add up; a stretch without energy or without factor leaves no sum.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from pydantic import Field

from ingest.model.quantities.carrier import CARRIERS
from ingest.model.sentences import Sentence
from ingest.model.time import isoformat
from kpi_engine.evidence.amounts import LARGEST, MeterAmounts, amounts, bounded, coverage, estimated_share, reason
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.indicator import Better, Entry, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.dated_factors import DATED_FACTORS
from kpi_engine.window import Stretch, Window

CITATION: Final = (
    "SCIS KPI Guide v2.0, 2.3.1 greenhouse gas emissions TE_C x GEF_T + EE_C x GEF_E, without division by area "
    "(formula recalled); the source of the factor is kept with every figure"
)


class EmissionStretch(Entry):
    """A stretch of time with one factor, and the energy each meter counted in it, in kWh.

    ``factor_kg_per_kwh`` is null, and ``missing`` says why, where no published factor is valid. ``carrier`` is given
    where the indicator speaks of several.
    """

    start: str
    end: str
    carrier: str | None = None
    factor_kg_per_kwh: float | None = Field(default=None, ge=0, le=LARGEST)
    missing: str | None = None
    energy_kwh: MeterAmounts


class EmissionInputs(Inputs):
    """The stretches of the period, one per factor and carrier."""

    stretches: tuple[EmissionStretch, ...]


def of_one_carrier(window: Window) -> EmissionInputs:
    """Select the energy registers of every stretch of one factor."""
    return EmissionInputs(stretches=tuple(_stretch(stretch, None) for stretch in window.given(DATED_FACTORS)))


def of_all_carriers(window: Window) -> EmissionInputs:
    """Select the energy registers of every stretch of one factor, and say which carrier each is of."""
    found = (_stretch(stretch, stretch.carrier) for stretch in window.given(DATED_FACTORS))
    return EmissionInputs(stretches=tuple(found))


def compute(inputs: EmissionInputs) -> Outcome:
    """Return the sum over the stretches of energy times the factor of that stretch."""
    counted = [stretch for stretch in inputs.stretches if stretch.energy_kwh]
    energies = [stretch.energy_kwh for stretch in counted]
    mass = added(map(_mass, counted))
    share = None if mass.value is None else estimated_share(*energies)
    return Outcome.of(mass, coverage(*energies), share, _reason(counted, energies))


def _stretch(stretch: Stretch, carrier: str | None) -> EmissionStretch:
    return EmissionStretch(
        start=isoformat(stretch.start),
        end=isoformat(stretch.end),
        carrier=carrier,
        factor_kg_per_kwh=stretch.factor.kg_per_kwh if stretch.factor else None,
        missing=stretch.missing,
        energy_kwh=amounts(stretch.meters, CARRIERS[stretch.carrier].register, stretch.start, stretch.end),
    )


def _mass(stretch: EmissionStretch) -> Bounded:
    factor = stretch.factor_kg_per_kwh
    return Bounded(None) if factor is None else bounded(stretch.energy_kwh).scaled(factor)


def _reason(stretches: Sequence[EmissionStretch], energies: list[MeterAmounts]) -> str | None:
    lacking = [
        stretch.missing or Sentence("no factor is given from {start} to {end}").of(start=stretch.start, end=stretch.end)
        for stretch in stretches
        if stretch.factor_kg_per_kwh is None
    ]
    return "; ".join([*lacking, *filter(None, [reason(*energies)])]) or None


mass_indicator: Final = partial(Indicator, unit="kg", better=Better.LOWER, months=Months.ADD_UP)
"""What all emissions of a subject share."""

emission_indicator: Final = partial(
    mass_indicator, citation=CITATION, inputs_model=EmissionInputs, compute=compute, ports=(DATED_FACTORS,)
)
"""What emissions by dated factors share."""
