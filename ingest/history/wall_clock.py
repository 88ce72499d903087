"""Times as clocks on the wall showed them, and the instants they may mean: two in a double hour."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.model.observation import IntColumn, Mask
from ingest.model.time import EARLIEST, LATEST


@dataclass(frozen=True)
class Instants:
    """Times of a column in microseconds: the ``first`` and the ``second`` instant a wall clock may mean.

    ``shown``: what stands there; null for what is no time. ``known``: which are instants at all.
    """

    shown: pl.Series
    first: IntColumn
    second: IntColumn
    known: Mask

    @classmethod
    def of(cls, text: pl.Series, form: str | None, zone: str) -> "Instants":
        """Read a column: of the clocks of ``zone`` in a strptime format, or RFC 3339 with offset where there is none.

        What is no time, or is skipped by those clocks, is not known.
        """
        if form is None:
            parsed = text.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
            instants, known = micros(parsed)
            return cls(parsed, instants, instants, known)
        local = text.str.to_datetime(form, time_unit="us", strict=False)
        first = local.dt.replace_time_zone(zone, non_existent="null", ambiguous="earliest")
        second = local.dt.replace_time_zone(zone, non_existent="null", ambiguous="latest")
        (earliest, known), (latest, _) = micros(first), micros(second)
        return cls(local, earliest, latest, known)

    @classmethod
    def since_1970(cls, text: pl.Series, unit: float) -> "Instants":
        """Read a column of numbers of ``unit`` microseconds each since 1970."""
        numbers = text.str.strip_chars().cast(pl.Float64, strict=False) * unit
        inside = numbers.is_between(EARLIEST, LATEST).fill_null(value=False)
        found = pl.select(pl.when(inside).then(numbers.round()).cast(pl.Int64)).to_series()
        instants, known = micros(found.cast(pl.Datetime("us", "UTC")))
        return cls(found, instants, instants, known)

    def later(self, microseconds: int) -> "Instants":
        """Return the instants so much later, of what clocks showed before."""
        return Instants(self.shown, self.first + microseconds, self.second + microseconds, self.known)

    @property
    def are_double(self) -> Mask:
        """Which times clocks show twice."""
        mask: Mask = self.first != self.second
        return mask

    @property
    def are_skipped(self) -> Mask:
        """Which times clocks never show."""
        mask: Mask = self.shown.is_not_null().to_numpy() & ~self.known
        return mask

    def chosen(self, is_second: Mask) -> IntColumn:
        """Return the instants meant, by which times are of a second pass."""
        return np.where(is_second, self.second, self.first)


def micros(parsed: pl.Series) -> tuple[IntColumn, Mask]:
    """Return times in microseconds, and which are any; one outside of the years 1 to 9999 in UTC is none."""
    found = parsed.dt.epoch("us")
    is_time = (parsed.is_not_null() & found.is_between(EARLIEST, LATEST)).fill_null(value=False)
    return found.fill_null(0).to_numpy(), is_time.to_numpy()
