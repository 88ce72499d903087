"""What the indicator's meters counted together hour by hour, beside the hourly factor series of their carrier."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import fsum
from typing import ClassVar, Final, NamedTuple

import numpy as np

from ingest.model.catalogue import Series
from ingest.model.city.assets import City
from ingest.model.observation import FloatColumn
from ingest.model.sentences import Sentence
from ingest.model.spans import ALWAYS
from kpi_engine.ports.hours import day_spans
from kpi_engine.ports.port import DefinitionPlace, Found, Port, PortScope, Reads
from kpi_engine.ports.stored_keys import FactorDayKey, FactorGroup, SeriesSpan
from kpi_engine.window import Hours

RULES: Final = "1"  # changes whenever the same rollups may give other hours


class FactorDay(NamedTuple):
    """The hours of one civil day, or of the part of it in a window; NaN where not known.

    ``amount``: of all meters together, ``estimated`` the part of it that is interpolated; ``factor`` in kg/kWh.
    """

    amount: FloatColumn
    factor: FloatColumn
    estimated: float


@dataclass(frozen=True)
class FactorSeries(Port[Hours]):
    """The hours of the indicator's meters, each of one quantity, beside the factor series that the city file names."""

    OF_OWN = True

    def lacking_in(self, city: City, carriers: Sequence[str]) -> str | None:
        """Say that the city file names no series of any of ``carriers``."""
        if not city.factor_series.keys().isdisjoint(carriers):
            return None
        return Sentence("hourly emission factor of {carriers} (factor_series)").of(carriers=" and ".join(carriers))

    def factors(self, given: Hours) -> Iterator[dict[str, str]]:
        """Yield the name of the series."""
        yield {"series": given.series}

    def bind(self, scope: PortScope) -> "BoundFactorSeries":
        """Return the series of a subject's city and meters."""
        named = (scope.city.factor_series[carrier] for carrier in scope.carriers if carrier in scope.city.factor_series)
        one = next(named, None)
        if one is None:
            return BoundFactorSeries(None, None)
        series = scope.series[one.device][one.quantity]
        meters = (
            SeriesSpan(read.series_id, meter.valid_from, meter.valid_to)
            for meter in sorted(scope.own.entries, key=lambda one: (one.name, one.valid_from))
            for read in list(meter.series.values())[:1]
        )
        members = (*meters, SeriesSpan(series.series_id, *ALWAYS))
        digest = sha256(repr((RULES, "beside a factor series", scope.zone, members)).encode()).hexdigest()
        return BoundFactorSeries(series, FactorGroup(digest, members, scope.zone))


FACTOR_SERIES: Final = FactorSeries()


@dataclass(frozen=True)
class BoundFactorSeries(Reads[Hours]):
    """The factor series, and the meters beside it; None where the city file names none of their carrier."""

    PLACE: ClassVar[DefinitionPlace] = DefinitionPlace.FACTOR_SERIES

    factor: Series | None
    group: FactorGroup | None

    @property
    def lacks(self) -> bool:
        """Whether there is no series."""
        return self.factor is None

    @property
    def series(self) -> frozenset[int]:
        """The meters and the series."""
        return frozenset(one.series_id for group in self.day_groups for one in group.members)

    @property
    def borrowed(self) -> frozenset[int]:
        """The series, which is that of the whole city."""
        return frozenset({self.factor.series_id} if self.factor else ())

    @property
    def day_groups(self) -> tuple[FactorGroup, ...]:
        """The meters with the series."""
        return (self.group,) if self.group else ()

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the series; which meters stand beside it, is said with them."""
        if self.factor:
            yield f"city file: factor_series {self.factor.device}/{self.factor.quantity}", self.factor.series_id

    @property
    def decisive(self) -> object:
        """The id of the series."""
        return self.factor and self.factor.series_id

    def keys(self, start: int, end: int) -> Iterable[Hashable]:
        """Return the civil days of the window, the first and the last one clipped to it."""
        return [FactorDayKey(group, *day) for group in self.day_groups for day in day_spans(start, end, group.zone)]

    def given(self, start: int, end: int, found: Found) -> Hours:
        """Return the hours of the window, day after day."""
        days: list[FactorDay] = [found[key] for key in self.keys(start, end)]
        return Hours(
            np.concatenate([day.amount for day in days]),
            np.concatenate([day.factor for day in days]),
            fsum(day.estimated for day in days),
            f"{self.factor.device}/{self.factor.quantity}" if self.factor else "",
        )
