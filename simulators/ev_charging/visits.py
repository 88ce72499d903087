"""Vehicles that come to one charging point: when, for how long, and what they want. A function of seed and civil day.

Instants are microseconds; a vehicle comes and goes by the clock on the wall.
"""

from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np

from ingest.model.time import DAY, HOUR, MINUTE
from simulators.civil_clock import hour_of_day, instants, is_weekend, local
from simulators.device import INSTALLED
from simulators.ev_charging.venues import Venue
from simulators.noise import FloatColumn, IntColumn, derive, normal, uniform
from simulators.weather import Climate, daily_mean

MOST_A_DAY: Final = 32

_SHORTEST_STAY: Final = 3 * MINUTE
_LONGEST_STAY: Final = 6 * DAY
_LEAST_DEMAND, _GREATEST_DEMAND = 0.2, 75.0  # kWh
_MILD: Final = 15.0  # degC outdoors below which a vehicle needs more
_WINTER: Final = 0.012  # more energy per K: heating and a cold battery


@dataclass(frozen=True)
class Visits:
    """Columns, ascending by ``arrival``: instants, kWh wanted, kW taken at most, hours of the taper's constant."""

    arrival: IntColumn
    departure: IntColumn
    demand: FloatColumn
    power: FloatColumn
    taper: FloatColumn

    def select(self, rows: IntColumn) -> "Visits":
        """Return the visits at ``rows``."""
        return Visits(self.arrival[rows], self.departure[rows], self.demand[rows], self.power[rows], self.taper[rows])


@dataclass(frozen=True)
class Habits:
    """Those who use one point at a ``venue``: ``seed`` is the point's own, ``sky`` the city's weather's."""

    venue: Venue
    rated_power: float
    zone: str
    climate: Climate
    sky: int
    seed: int

    def visits(self, days: int) -> Visits:
        """Return everyone who comes in the first ``days`` civil days, whether or not the point is free."""
        index, wall = self._arrivals(days)
        arrival = instants(wall, self.zone)
        stay = np.clip(self._departures(index, wall, arrival) - arrival, _SHORTEST_STAY, _LONGEST_STAY)
        power = np.minimum(self._vehicles(index), self.rated_power)
        taper = self.venue.demand.taper * self._uniform("taper", index)
        visits = Visits(arrival, arrival + stay, self._demand(index, arrival), power, taper)
        order = np.argsort(arrival, kind="stable")
        return visits.select(order[arrival[order] >= INSTALLED])

    def _arrivals(self, days: int) -> tuple[IntColumn, IntColumn]:
        """Return each visit's index, its own for good, and the time on the wall clock when it begins."""
        day = np.arange(days)
        first = local(np.array([INSTALLED]), self.zone)
        midnight = first - first % DAY + day * DAY
        weekend = is_weekend(midnight)
        visits = np.repeat(day, self._counts(day, weekend))
        slot = np.arange(len(visits)) - np.searchsorted(visits, visits)
        index = visits * MOST_A_DAY + slot
        chance = self._uniform("arrival", index)
        arrivals = self.venue.arrivals
        hour = np.where(weekend[visits], _quantile(arrivals.weekend, chance), _quantile(arrivals.weekday, chance))
        return index, np.asarray(midnight[visits] + (hour * HOUR).astype(np.int64))

    def _counts(self, day: IntColumn, weekend: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> IntColumn:
        arrivals = self.venue.arrivals
        popularity = exp(arrivals.spread * self._own("popularity"))
        chance = self._uniform("count", day)
        weekday, at_weekend = (np.searchsorted(_poisson(rate * popularity), chance) for rate in arrivals.per_day)
        return np.asarray(np.where(weekend, at_weekend, weekday))

    def _departures(self, index: IntColumn, wall: IntColumn, arrival: IntColumn) -> IntColumn:
        stay = self.venue.stay
        hour, share = zip(*stay.until_leaving, strict=True)
        leaves_late = self._uniform("leaves late", index) < np.interp(hour_of_day(wall), hour, share)
        median, deviation = stay.brief
        brief = arrival + (median * HOUR * np.exp(deviation * self._normal("brief", index))).astype(np.int64)
        leaving = instants(self._leaving(index, wall), self.zone)
        return np.asarray(np.where(leaves_late, np.maximum(leaving, brief), brief))

    def _leaving(self, index: IntColumn, wall: IntColumn) -> IntColumn:
        """Return the usual time of leaving on the wall clock."""
        stay = self.venue.stay
        weekday, weekend, deviation = stay.delay
        day = wall - wall % DAY + DAY * (hour_of_day(wall) >= stay.next_day_from)
        day = day + DAY * (self._uniform("lingers", index) < stay.lingering)
        median = np.where(is_weekend(day), weekend, weekday)
        delay = median * np.exp(deviation * self._normal("leaving", index))
        return np.asarray(day + ((stay.earliest + delay) * HOUR).astype(np.int64))

    def _vehicles(self, index: IntColumn) -> FloatColumn:
        demand = self.venue.demand
        power, share = np.array(demand.vehicles).T
        whose = np.zeros_like(index) if demand.resident else index
        return np.asarray(power[np.searchsorted(share.cumsum()[:-1], self._uniform("vehicle", whose))])

    def _demand(self, index: IntColumn, arrival: IntColumn) -> FloatColumn:
        demand = self.venue.demand
        variety = demand.spread * self._own("demand") + demand.deviation * self._normal("demand", index)
        cold = np.clip(_MILD - daily_mean(self.sky, self.climate, arrival), 0.0, None)
        wanted = demand.median * np.exp(variety) * (1.0 + _WINTER * cold)
        return np.asarray(np.clip(wanted, _LEAST_DEMAND, _GREATEST_DEMAND))

    def _uniform(self, name: str, index: IntColumn) -> FloatColumn:
        return uniform(derive(self.seed, name), index)

    def _normal(self, name: str, index: IntColumn) -> FloatColumn:
        return normal(derive(self.seed, name, "normal"), index)

    def _own(self, name: str) -> float:
        """Return a standard normal number of this point, the same for all visits."""
        return float(normal(derive(self.seed, name, "own"), np.zeros(1, np.int64))[0])


def _quantile(weights: tuple[float, ...], chance: FloatColumn) -> FloatColumn:
    """Return hours of the day that come as often as their ``weights`` say."""
    cumulative = np.concatenate([[0.0], np.cumsum(weights)])
    return np.asarray(np.interp(chance * cumulative[-1], cumulative, np.arange(len(cumulative))))


def _poisson(rate: float) -> FloatColumn:
    """Return the cumulative probabilities of 0, 1, ... events at a mean ``rate``, below ``MOST_A_DAY``."""
    steps = rate / np.arange(1, MOST_A_DAY)
    return np.asarray(exp(-rate) * np.concatenate([[1.0], steps.cumprod()]).cumsum())
