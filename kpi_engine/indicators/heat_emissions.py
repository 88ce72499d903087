"""Emissions of heat delivered [kg], with a dated and sourced factor (annual method)."""

from math import fsum
from typing import Final

from pydantic import Field

from ingest.model.time import isoformat
from kpi_engine.amounts import MeterAmounts, amounts, coverage, estimated_share, reason, total
from kpi_engine.indicator import Indicator, Inputs, Needs, Outcome
from kpi_engine.window import Stretch, Window


class EmissionStretch(Inputs):
    """A stretch of time with one factor, and the heat each meter counted in it, in kWh.

    ``factor_kg_per_kwh`` is null, and ``missing`` says why, where no published factor is valid.
    """

    start: str
    end: str
    factor_kg_per_kwh: float | None = Field(default=None, ge=0)
    missing: str | None = None
    energy_kwh: MeterAmounts


class HeatEmissionsInputs(Inputs):
    """The stretches of the period, one per factor."""

    stretches: tuple[EmissionStretch, ...]


def inputs(window: Window) -> HeatEmissionsInputs:
    """Select the energy registers of every stretch of one factor."""
    return HeatEmissionsInputs(stretches=tuple(_stretch(stretch) for stretch in window.stretches))


def compute(inputs: HeatEmissionsInputs) -> Outcome:
    """Return the sum over the stretches of energy times the factor of that stretch."""
    energies = [stretch.energy_kwh for stretch in inputs.stretches]
    masses = [_mass(stretch) for stretch in inputs.stretches]
    known = [mass for mass in masses if mass is not None]
    complete = bool(masses) and len(known) == len(masses)
    return Outcome(
        fsum(known) if complete else None,
        coverage(*energies),
        estimated_share(*energies) if complete else None,
        _reason(inputs, energies),
    )


def _stretch(stretch: Stretch) -> EmissionStretch:
    return EmissionStretch(
        start=isoformat(stretch.start),
        end=isoformat(stretch.end),
        factor_kg_per_kwh=stretch.factor.kg_per_kwh if stretch.factor else None,
        missing=stretch.missing,
        energy_kwh=amounts(stretch.meters, "heat_energy", stretch.start, stretch.end),
    )


def _mass(stretch: EmissionStretch) -> float | None:
    energy = total(stretch.energy_kwh)
    if energy is None or stretch.factor_kg_per_kwh is None:
        return None
    return energy * stretch.factor_kg_per_kwh


def _reason(inputs: HeatEmissionsInputs, energies: list[MeterAmounts]) -> str | None:
    lacking = [
        stretch.missing or f"no factor is given from {stretch.start} to {stretch.end}"
        for stretch in inputs.stretches
        if stretch.factor_kg_per_kwh is None
    ]
    return "; ".join([*lacking, *filter(None, [reason(*energies)])]) or None


INDICATOR: Final = Indicator(
    name="heat_emissions",
    title="Emissions of heat delivered, dated factor",
    unit="kg",
    formula="m = sum over stretches of (heat delivered in the stretch x factor valid in the stretch)",
    citation="SCIS KPI Guide v2.0, 2.3.1 greenhouse gas emissions TE_C x GEF_T, without division by area (formula "
    "recalled); the source of the factor is kept with every figure",
    frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2"),
    rule_version="1",
    needs=Needs(quantities=("heat_energy",), dated_factor=True),
    inputs_model=HeatEmissionsInputs,
    inputs=inputs,
    compute=compute,
)
