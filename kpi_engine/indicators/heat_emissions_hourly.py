"""Emissions of heat delivered [kg], with the city's hourly factor series: sum over hours of energy times factor."""

from hashlib import sha256
from math import fsum
from typing import Any, ClassVar, Final, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from kpi_engine.amounts import MeterAmounts, amounts, coverage, reason, total
from kpi_engine.indicator import Indicator, Inputs, Needs, Outcome
from kpi_engine.window import Window

Column = tuple[float | None, ...]


class HourlyEmissionsInputs(Inputs):
    """Hour by hour the heat of all meters in kWh and the time-weighted mean factor in kg/kWh; null where not known.

    ``energy_kwh``: what each meter counted over the whole period, which decides coverage and completeness.
    ``estimated_kwh``: the part of the hourly heat whose place in time is interpolated.
    """

    IS_STORED_WHOLE: ClassVar[bool] = False

    energy_kwh: MeterAmounts
    hour_energy_kwh: Column
    hour_factor_kg_per_kwh: Column
    estimated_kwh: float = 0.0

    @model_validator(mode="after")
    def _same_hours(self) -> Self:
        if len(self.hour_energy_kwh) != len(self.hour_factor_kg_per_kwh):
            raise ValueError("expected as many hours of factor as of energy")
        return self

    def stored(self) -> dict[str, Any]:
        """Return the inputs with a SHA-256 of both columns (float64, little endian, NaN for null) in their place."""
        energy, factor = (
            np.array(column, dtype="<f8") for column in (self.hour_energy_kwh, self.hour_factor_kg_per_kwh)
        )
        return {
            **self.model_dump(
                mode="json", exclude={"hour_energy_kwh", "hour_factor_kg_per_kwh"}, exclude_defaults=True
            ),
            "hours": len(energy),
            "hours_without_energy": int(np.isnan(energy).sum()),
            "hours_without_factor": int(np.isnan(factor).sum()),
            "sha256": sha256(energy.tobytes() + factor.tobytes()).hexdigest(),
        }


def inputs(window: Window) -> HourlyEmissionsInputs:
    """Select the hours of the window; without a factor series there are none."""
    hours = window.hours
    return HourlyEmissionsInputs(
        energy_kwh=amounts(window.meters, "heat_energy", window.start, window.end),
        hour_energy_kwh=_column(hours.amount) if hours else (),
        hour_factor_kg_per_kwh=_column(hours.factor) if hours else (),
        estimated_kwh=hours.estimated if hours else 0.0,
    )


def compute(inputs: HourlyEmissionsInputs) -> Outcome:
    """Return the sum over hours; None where an hour with energy lacks its factor, which leaves the energy as it is."""
    hours = list(zip(inputs.hour_energy_kwh, inputs.hour_factor_kg_per_kwh, strict=True))
    needed = [(energy, factor) for energy, factor in hours if energy != 0.0]
    known = [energy * factor for energy, factor in needed if energy is not None and factor is not None]
    covered = coverage(inputs.energy_kwh) * (len(known) / len(needed) if needed else float(bool(hours)))
    energy = total(inputs.energy_kwh)
    if energy is None or not hours or len(known) < len(needed):
        return Outcome(None, covered, None, _reason(inputs, needed))
    return Outcome(fsum(known), covered, inputs.estimated_kwh / energy if energy else 0.0)


def _column(values: npt.NDArray[np.float64]) -> Column:
    return tuple(None if value != value else value for value in values.tolist())  # noqa: PLR0124 - NaN differs from itself


def _reason(inputs: HourlyEmissionsInputs, needed: list[tuple[float | None, float | None]]) -> str | None:
    lacking = [
        f"{count} of {len(inputs.hour_energy_kwh)} hours {what}"
        for count, what in (
            (sum(energy is None for energy, _ in needed), "have no known energy"),
            (sum(energy is not None and factor is None for energy, factor in needed), "have energy but no factor"),
        )
        if count
    ]
    return "; ".join([*lacking, *filter(None, [reason(inputs.energy_kwh)])]) or "no hours are known"


INDICATOR: Final = Indicator(
    name="heat_emissions_hourly",
    title="Emissions of heat delivered, hourly factor",
    unit="kg",
    formula="m = sum over hours of (heat delivered in the hour x time-weighted mean factor of the hour)",
    citation="SCIS KPI Guide v2.0, 2.3.1 greenhouse gas emissions (formula recalled), resolved by hour: the sum of "
    "products, never the product of means (GHG Protocol Scope 2 guidance, recalled)",
    frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2"),
    rule_version="1",
    needs=Needs(quantities=("heat_energy",), hourly="heat_energy"),
    inputs_model=HourlyEmissionsInputs,
    inputs=inputs,
    compute=compute,
)
