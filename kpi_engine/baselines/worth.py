"""What avoided energy is worth by the day: money by the declared price, emissions by the city's factor."""

from dataclasses import dataclass

import numpy as np

from ingest.model.calendar import day_start
from ingest.model.observation import FloatColumn, IntColumn
from kpi_engine.baselines.days import day_of_number
from kpi_engine.baselines.declared import DeclaredBaseline
from kpi_engine.baselines.savings import Bound, Savings, SavingsAccount
from kpi_engine.factors import registry
from kpi_engine.factors.boundaries import refusal
from kpi_engine.factors.choice import chosen
from kpi_engine.factors.factor import Factor
from kpi_engine.factors.years import of_other_years
from processors.storage.database import Connection


@dataclass(frozen=True)
class DailyRate:
    """A rate per kWh by day, NaN where there is none, which ``lacking`` says; ``names`` of what it is made of.

    ``notes``: what is said of it beside.
    """

    unit: str
    by_day: FloatColumn
    lacking: str
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def worth(self, found: SavingsAccount, saved: Savings) -> Bound:
        """Return what savings are worth at the rate."""
        return found.worth(saved, self.by_day, self.lacking)


def price(declared: DeclaredBaseline, day: IntColumn) -> DailyRate | None:
    """Return the declared price of each day; None where the baseline declares none."""
    prices = declared.declaration.prices
    if not prices:
        return None
    found = [declared.declaration.price_on(day_of_number(number)) for number in day.tolist()]
    by_day = np.array([np.nan if one is None else one.value for one in found])
    used = dict.fromkeys(f"{one.value:g} {one.unit} ({one.source})" for one in found if one)
    unit = prices[0].unit.removesuffix("/kWh")
    return DailyRate(unit, by_day, _lacking("price", day, by_day), tuple(used))


def emission_factor(connection: Connection, declared: DeclaredBaseline, day: IntColumn) -> DailyRate | None:
    """Return the factor [kg/kWh] of each day; None where the city declares none for the carrier."""
    carrier, city = declared.carrier, declared.city
    if carrier is None or carrier not in city.factors or not len(day):
        return None
    published = [factor for factor in registry.load(connection) if factor.carrier == carrier]
    starts = np.array([day_start(day_of_number(number), city.timezone) for number in day.tolist()], np.int64)
    end = day_start(day_of_number(int(day[-1]) + 1), city.timezone)
    stretches = chosen(city, carrier, published, int(starts[0]), end)
    used = [(one.factor, one.start, one.end) for one in stretches if one.factor is not None]
    names = tuple(dict.fromkeys(_named(factor) for factor, *_ in used))
    by_day = np.full(len(day), np.nan)
    if refused := refusal(city, (factor for factor, *_ in used)):
        return DailyRate("kg", by_day, refused, names)
    for factor, begins, ends in used:
        by_day[(starts >= begins) & (starts < ends)] = factor.kg_per_kwh
    years = tuple(of_other_years(used, city.timezone))
    return DailyRate("kg", by_day, _lacking("emission factor", day, by_day), names, years)


def _lacking(what: str, day: IntColumn, by_day: FloatColumn) -> str:
    without = day[np.isnan(by_day)].tolist()
    return f"{len(without)} days have no {what}, the first is {day_of_number(without[0])}" if without else ""


def _named(factor: Factor) -> str:
    boundary = factor.boundary or "boundary not stated"
    return f"{factor.name} {factor.version} ({factor.value:g} {factor.unit}, {boundary}; {factor.source})"
