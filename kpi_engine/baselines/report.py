"""What a baseline says of the days since the measure: energy, money and emissions avoided, as known now or then."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np

from ingest.model.calendar import Period, day_of, day_start, edges
from ingest.model.time import isoformat, to_micros
from kpi_engine.baselines import adjustments, models
from kpi_engine.baselines.adjustment import Adjustment
from kpi_engine.baselines.days import EnergyDays, day_of_number, every_day, year_after
from kpi_engine.baselines.declared import DeclaredBaseline
from kpi_engine.baselines.fitted import Baseline, fit_baseline
from kpi_engine.baselines.measured_days import Measured, read_days
from kpi_engine.baselines.normalised import NormalisedSavings, normalised_savings
from kpi_engine.baselines.savings import Bound, Savings, SavingsAccount, SavingsPeriod, account, part_of_a_year
from kpi_engine.baselines.stored_model import StoredModel
from kpi_engine.baselines.temperatures import read_temperatures
from kpi_engine.baselines.worth import DailyRate, emission_factor, price
from kpi_engine.errors import BaselineError, BaselineRangeError
from processors.storage.database import Connection


@dataclass(frozen=True)
class SavingsRequest:
    """Which savings: those of the days [first, last), as known at ``as_of`` (None: now), by the model that held.

    ``version``: by that model instead. ``period``: what they are told by. ``now`` in microseconds.
    """

    first: date
    last: date
    now: int
    as_of: datetime | None = None
    version: int | None = None
    period: SavingsPeriod = SavingsPeriod.MONTH


@dataclass(frozen=True)
class Valued:
    """Savings of some days, and what they are worth: ``cost`` in the currency of the price, ``emissions`` in kg.

    None where the baseline declares no price, or its city no factor of the carrier.
    """

    savings: Savings
    cost: Bound | None
    emissions: Bound | None


@dataclass(frozen=True)
class SavingsReport:
    """What a baseline says of [first, last): of the ``whole``, and by its ``parts``, days or civil months.

    ``account``, ``price`` and ``emission_factor`` are what it was computed from.
    ``disqualified``: why nothing can be told; ``whole`` is None then. ``part_of_a_year``: why these are not the savings
    of a year. ``not_counted``: days, and why. ``rates``: the prices and factors used. ``normalised`` is None where
    ``not_normalised`` says why. ``notes``: what a reader must know beside it.
    """

    first: date
    last: date
    model: StoredModel
    disqualified: list[str]
    notes: list[str]
    adjustments: list[Adjustment]
    whole: Valued | None = None
    parts: list[Valued] = field(default_factory=list)
    not_counted: list[tuple[date, str]] = field(default_factory=list)
    part_of_a_year: str | None = None
    currency: str | None = None
    rates: list[str] = field(default_factory=list)
    normalised: NormalisedSavings | None = None
    not_normalised: str | None = None
    account: SavingsAccount | None = None
    price: DailyRate | None = None
    emission_factor: DailyRate | None = None


def savings_report(connection: Connection, declared: DeclaredBaseline, asked: SavingsRequest) -> SavingsReport:
    """Return what a baseline says of some days; raises BaselineError where it has no model, or no such days."""
    model = _model(connection, declared, asked)
    last = _last(declared, asked)
    holding = adjustments.holding(connection, declared, asked.as_of)
    baseline = model.baseline
    if baseline is None:
        notes = list(_notes(declared, asked, model, 0))
        return SavingsReport(asked.first, last, model, model.reasons, notes, holding)
    measured = read_days(connection, declared, asked.first, last, asked.as_of)
    found = account(
        baseline,
        measured.days,
        holding,
        confidence=declared.declaration.confidence,
        degree_days=declared.degree_days,
        is_open=last < asked.last,
    )
    money = price(declared, measured.days.day)
    emitted = emission_factor(connection, declared, measured.days.day)
    normalised, why_not = _normalised(connection, declared, baseline, measured, asked.first, last)
    return SavingsReport(
        asked.first,
        last,
        model,
        [],
        [
            *_notes(declared, asked, model, measured.due),
            *_beyond(baseline, measured.days),
            *(emitted.notes if emitted else ()),
        ],
        holding,
        _valued(found, found.between(asked.first, last), money, emitted),
        [_valued(found, one, money, emitted) for one in found.by(asked.period)],
        found.lacking(),
        part_of_a_year(asked.first, last),
        money.unit if money else None,
        [name for rate in (money, emitted) if rate for name in rate.names],
        normalised,
        why_not,
        found,
        money,
        emitted,
    )


def _model(connection: Connection, declared: DeclaredBaseline, asked: SavingsRequest) -> StoredModel:
    model = models.current(connection, declared, asked.as_of, asked.version)
    if model is None:
        when = f" at {asked.as_of.isoformat()}" if asked.as_of else ""
        which = f"model {asked.version}" if asked.version else "model"
        command = f"pharos baseline fit {declared.city.name} {declared.owner.name} {declared.name}"
        raise BaselineError(f"{declared.id} has no {which}{when}; fit it: {command}")
    return model


def _last(declared: DeclaredBaseline, asked: SavingsRequest) -> date:
    """Return the end of the days that are over; raises BaselineRangeError without one, or before the measure."""
    begins = declared.declaration.reporting_from
    if asked.first < begins:
        raise BaselineRangeError(
            f"{declared.id}: the reporting period begins on {begins}, and {asked.first} is before it; what was used "
            "until then is no saving"
        )
    known = asked.now if asked.as_of is None else min(asked.now, to_micros(asked.as_of))
    last = min(asked.last, day_of(known, declared.city.timezone))
    if last <= asked.first:
        raise BaselineRangeError(f"{declared.id}: expected a day that is over, from {asked.first} to {asked.last}")
    return last


def _valued(found: SavingsAccount, saved: Savings, money: DailyRate | None, emitted: DailyRate | None) -> Valued:
    cost, emissions = (rate.worth(found, saved) if rate else None for rate in (money, emitted))
    return Valued(saved, cost, emissions)


def _normalised(  # noqa: PLR0913, PLR0917 - both periods, and where they are read
    connection: Connection,
    declared: DeclaredBaseline,
    before: Baseline,
    measured: Measured,
    first: date,
    last: date,
) -> tuple[NormalisedSavings | None, str | None]:
    """Return savings of the normal year, or why there are none."""
    normal = declared.declaration.normal_year_from
    if normal is None:
        return None, "no normal year is declared (normal_year_from)"
    if why := part_of_a_year(first, last):
        return None, why
    after = fit_baseline(measured.days, declared.method, may_cool=declared.may_cool)
    if after.baseline is None:
        return None, f"no model of the reporting period: {'; '.join(after.reasons)}"
    days = every_day(normal, year_after(normal))
    zone, end = declared.city.timezone, year_after(normal)
    bounds = edges(day_start(normal, zone), day_start(end, zone), Period.DAY, zone)
    series = declared.temperature
    temperature, *_ = read_temperatures(connection, series.series_id, series.zone, declared.method, bounds)
    if lacking := days[np.isnan(temperature)].tolist():
        why = f"{len(lacking)} days of the normal year have no temperature, the first is {day_of_number(lacking[0])}"
        return None, why
    return normalised_savings(before, after.baseline, temperature, declared.declaration.confidence), None


def _notes(declared: DeclaredBaseline, asked: SavingsRequest, model: StoredModel, due: int) -> Iterator[str]:
    if model.fitted_part != declared.fitted_part:
        yield f"the city file declares it otherwise since model {model.version} was fitted: fit it again"
    if model.superseded_at is not None and asked.as_of is None:
        yield f"model {model.version} held until {isoformat(to_micros(model.superseded_at))}; a later one holds now"
    if declared.method.of_bills:
        yield "energy is that of civil months: each of their days has the mean of its month"
    if due:
        yield f"{due} of the daily figures are about to be computed again"
    if asked.as_of is not None:
        figures = "model and adjustments" if declared.energy else "model, adjustments and daily figures"
        others = "readings, prices and factors" if declared.energy else "temperatures, prices and factors"
        yield f"{figures} are those of {isoformat(to_micros(asked.as_of))}; {others} are those known now"


def _beyond(baseline: Baseline, days: EnergyDays) -> Iterator[str]:
    """Say on how many days it was colder or warmer than the model has seen."""
    known, fitted = days.temperature[days.is_known], baseline.days.temperature
    if outside := int(np.count_nonzero((known < fitted.min()) | (known > fitted.max()))):
        yield f"{outside} days were colder or warmer than any that the model was fitted to, which it cannot know"
