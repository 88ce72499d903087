"""Emissions of energy with an hourly factor series [kg]: the sum over hours of energy times factor.

Energy in kWh, factors in kg/kWh; never the product of means.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from math import fsum, isfinite
from typing import Annotated, Any, ClassVar, Final, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from kpi_engine.amounts import LARGEST, MeterAmounts, amounts, coverage, reason, total
from kpi_engine.energy import REGISTERS
from kpi_engine.indicator import Inputs, Outcome
from kpi_engine.window import KNOWN_FROM, Window

_NO_FACTOR: Final = f"have energy but no factor that is known for {KNOWN_FROM:.0%} of the hour"

Column = tuple[Annotated[float, Field(ge=-LARGEST, le=LARGEST)] | None, ...]

CITATION: Final = (
    "SCIS KPI Guide v2.0, 2.3.1 greenhouse gas emissions (formula recalled), resolved by hour: the sum of "
    "products, never the product of means (GHG Protocol Scope 2 guidance, recalled)"
)


class HourlyEmissionsInputs(Inputs):
    """Hour by hour the energy of all meters in kWh and the time-weighted mean factor in kg/kWh; null where not known.

    ``energy_kwh``: what each meter counted over the whole period, which decides coverage and completeness.
    ``estimated_kwh``: the part of the hourly energy whose place in time is estimated.
    """

    IS_STORED_WHOLE: ClassVar[bool] = False

    energy_kwh: MeterAmounts
    hour_energy_kwh: Column
    hour_factor_kg_per_kwh: Column
    estimated_kwh: float = Field(default=0.0, ge=-LARGEST, le=LARGEST)

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


def inputs_of(carrier: str) -> Callable[[Window], HourlyEmissionsInputs]:
    """Return what selects the hours of a window for one carrier; without a factor series there are none."""

    def inputs(window: Window) -> HourlyEmissionsInputs:
        hours = window.hours
        return HourlyEmissionsInputs(
            energy_kwh=amounts(window.meters, REGISTERS[carrier], window.start, window.end),
            hour_energy_kwh=_column(hours.amount) if hours else (),
            hour_factor_kg_per_kwh=_column(hours.factor) if hours else (),
            estimated_kwh=hours.estimated if hours else 0.0,
        )

    return inputs


def compute(inputs: HourlyEmissionsInputs) -> Outcome:
    """Return the sum over hours; None where an hour with energy lacks its factor, which leaves the energy as it is."""
    hours = list(zip(inputs.hour_energy_kwh, inputs.hour_factor_kg_per_kwh, strict=True))
    needed = [(energy, factor) for energy, factor in hours if energy != 0.0]
    known = [energy * factor for energy, factor in needed if energy is not None and factor is not None]
    covered = coverage(inputs.energy_kwh) * (len(known) / len(needed) if needed else float(bool(hours)))
    energy = total(inputs.energy_kwh)
    if energy is None or not hours or len(known) < len(needed):
        return Outcome(None, covered, None, _reason(inputs, needed))
    share = inputs.estimated_kwh / energy if energy else 0.0
    return Outcome(fsum(known), covered, share if isfinite(share) else None)


def _column(values: npt.NDArray[np.float64]) -> Column:
    return tuple(None if value != value else value for value in values.tolist())  # noqa: PLR0124 - NaN differs from itself


def _reason(inputs: HourlyEmissionsInputs, needed: Sequence[tuple[float | None, float | None]]) -> str | None:
    lacking = [
        f"{count} of {len(inputs.hour_energy_kwh)} hours {what}"
        for count, what in (
            (sum(energy is None for energy, _ in needed), "have no known energy"),
            (sum(energy is not None and factor is None for energy, factor in needed), _NO_FACTOR),
        )
        if count
    ]
    return "; ".join([*lacking, *filter(None, [reason(inputs.energy_kwh)])]) or "no hours are known"
