"""Emissions of energy with an hourly factor series [kg]: the sum over hours of energy times factor.

Energy in kWh, factors in kg/kWh; never the product of means.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from math import fsum, isfinite
from typing import Any, ClassVar, Final, Self

import numpy as np
from pydantic import Field, model_validator

from ingest.model.quantities.carrier import CARRIERS
from ingest.model.sentences import Sentence
from kpi_engine.evidence.amounts import LARGEST, MeterAmounts, amounts, bounded, coverage, reason
from kpi_engine.evidence.hour_numbers import HourNumbers, Numbers
from kpi_engine.families.emissions import mass_indicator
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import DIGESTS, Inputs, Outcome
from kpi_engine.ports.factor_series import FACTOR_SERIES
from kpi_engine.window import KNOWN_FROM, Window
from processors.steps.columns import Floats

NO_ENERGY: Final = Sentence("{count} of {all} hours have no known energy")
NO_FACTOR: Final = Sentence(
    "{count} of {all} hours have energy but no factor that is known for {share} of the hour: they take that of the "
    "same hour of other days"
)
ROUNDING: Final = 1e-9  # of the energy: sums of hours and of the whole period are rounded apart
_DAY_HOURS: Final = 24
_DAYS_AROUND: Final = 15

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
    hour_energy_kwh: Numbers
    hour_factor_kg_per_kwh: Numbers
    estimated_kwh: float = Field(default=0.0, ge=-LARGEST, le=LARGEST)

    @model_validator(mode="after")
    def _same_hours(self) -> Self:
        if len(self.hour_energy_kwh) != len(self.hour_factor_kg_per_kwh):
            raise ValueError("expected as many hours of factor as of energy")
        return self

    @property
    def hours(self) -> tuple[Floats, Floats]:
        """Energy and factor of each hour, NaN where not known."""
        return HourNumbers.of(self.hour_energy_kwh).column, HourNumbers.of(self.hour_factor_kg_per_kwh).column

    def stored(self) -> dict[str, Any]:
        """Return the inputs with a SHA-256 of both columns (float64, little endian, NaN for null) in their place."""
        energy, factor = (column.astype("<f8") for column in self.hours)
        return {
            **self.model_dump(
                mode="json",
                exclude={"hour_energy_kwh", "hour_factor_kg_per_kwh"},
                exclude_defaults=True,
                context=DIGESTS,
            ),
            "hours": len(energy),
            "hours_without_energy": int(np.isnan(energy).sum()),
            "hours_without_factor": int(np.isnan(factor).sum()),
            "sha256": sha256(energy.tobytes() + factor.tobytes()).hexdigest(),
        }


def inputs_of(carrier: str) -> Callable[[Window], HourlyEmissionsInputs]:
    """Return what selects the hours of a window for one carrier."""

    def inputs(window: Window) -> HourlyEmissionsInputs:
        hours = window.given(FACTOR_SERIES)
        return HourlyEmissionsInputs(
            energy_kwh=amounts(window.meters, CARRIERS[carrier].register, window.start, window.end),
            hour_energy_kwh=HourNumbers.published(hours.amount),
            hour_factor_kg_per_kwh=HourNumbers.published(hours.factor),
            estimated_kwh=hours.estimated,
        )

    return inputs


def compute(inputs: HourlyEmissionsInputs) -> Outcome:
    """Return the sum over hours of energy times factor.

    An hour without a factor takes the mean of the same hour of the days around it, and may have had any of theirs.
    Energy of which the hours are not known takes the mean factor, and may have had any factor of the period.
    """
    hours, known = inputs.hours
    factors = substituted(known)
    energy = bounded(inputs.energy_kwh)
    covered = coverage(inputs.energy_kwh) * _known_share(inputs)
    if energy.value is None or factors is None:
        return Outcome(None, covered, None, _reason(inputs))
    counted = np.where(np.isnan(hours), 0.0, hours + 0.0)
    placed = fsum(counted.tolist())
    mass = fsum((counted * factors.value).tolist())
    least, greatest = factors.least.min().item(), factors.greatest.max().item()
    lower = upper = mass
    if factors.is_any:
        is_taken = counted > 0
        lower = fsum((counted * np.where(is_taken, factors.least, factors.greatest)).tolist())
        upper = fsum((counted * np.where(is_taken, factors.greatest, factors.least)).tolist())
    rest = energy.value - placed
    if abs(rest) > ROUNDING * max(abs(energy.value), abs(placed)):
        mass += rest * (mass / placed if placed else fsum(factors.value.tolist()) / len(factors.value))
    off = abs(inputs.estimated_kwh) * (greatest - least)
    lower += _least((energy.lower - placed) * least, (energy.lower - placed) * greatest) - off
    upper += _most((energy.upper - placed) * least, (energy.upper - placed) * greatest) + off
    share = inputs.estimated_kwh / energy.value if energy.value else 0.0
    found = Bounded(mass, lower, upper).with_value(mass)
    return Outcome.of(found, covered, share if isfinite(share) else None, _reason(inputs))


@dataclass(frozen=True)
class Substituted:
    """The factor of each hour in kg/kWh, and what it may have been; ``is_any``: whether something stands for one."""

    value: Floats
    least: Floats
    greatest: Floats
    is_any: bool


def substituted(factors: Floats) -> Substituted | None:
    """Return the factor of each hour; where none is known (NaN), that of the same hour of the days around it.

    The days of half a month before and after, as far as they are in the period; else all its hours. None: nowhere.
    """
    lacking = np.isnan(factors)
    if lacking.all():
        return None
    if not lacking.any():
        return Substituted(factors, factors, factors, is_any=False)
    value, least, greatest = factors.copy(), factors.copy(), factors.copy()
    known = factors[~lacking].tolist()
    for place in np.flatnonzero(lacking).tolist():
        near = np.arange(place % _DAY_HOURS, len(factors), _DAY_HOURS)
        days = factors[near[np.abs(near - place) <= _DAYS_AROUND * _DAY_HOURS]]
        same = days[~np.isnan(days)].tolist() or known
        value[place], least[place], greatest[place] = fsum(same) / len(same), min(same), max(same)
    return Substituted(value, least, greatest, is_any=True)


def _least(*values: float) -> float:
    return min(value for value in values if value == value)  # noqa: PLR0124 - nothing times infinity


def _most(*values: float) -> float:
    return max(value for value in values if value == value)  # noqa: PLR0124 - nothing times infinity


def _known_share(inputs: HourlyEmissionsInputs) -> float:
    """Return the share of hours with energy whose energy and factor are known."""
    energy, factor = inputs.hours
    needed = energy != 0.0
    count = int(needed.sum())
    known = int((needed & ~np.isnan(energy) & ~np.isnan(factor)).sum())
    return known / count if count else float(len(energy) > 0)


def _reason(inputs: HourlyEmissionsInputs) -> str | None:
    """Say how many hours lack what, and what stands in its place; None where nothing is missing."""
    energy, factor = inputs.hours
    if not len(energy):
        return "; ".join(filter(None, [Sentence("no hours are known").of(), reason(inputs.energy_kwh)]))
    without_energy = int(np.isnan(energy).sum())
    without_factor = int((np.isnan(factor) & ~np.isnan(energy) & (energy != 0.0)).sum())
    lacking = [
        told.of(count=count, all=len(energy), share=f"{KNOWN_FROM:.0%}")
        for count, told in ((without_energy, NO_ENERGY), (without_factor, NO_FACTOR))
        if count
    ]
    return "; ".join([*lacking, *filter(None, [reason(inputs.energy_kwh)])]) or None


hourly_emission_indicator: Final = partial(
    mass_indicator, citation=CITATION, inputs_model=HourlyEmissionsInputs, compute=compute, ports=(FACTOR_SERIES,)
)
"""What emissions by an hourly factor series share."""
