"""The baseline of a site or a group as an input: its fitted model, the temperatures of the days, the adjustments.

A fit is an act of a person (pharos baseline fit), and so is an adjustment: each makes figures due and is their cause.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingest.model.calendar import Period, covering, day_of
from ingest.model.city.baseline import BaselineDeclaration
from ingest.model.observation import FloatColumn
from ingest.model.sentences import Sentence
from kpi_engine.baselines.adjustment import Adjustment
from kpi_engine.baselines.stored_model import StoredModel
from kpi_engine.ports.port import Found, Port, Reads
from kpi_engine.ports.stored_keys import DayTemperatureKey, ModelKey

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


BaselineOf = tuple[str | None, str | None, str]
"""A baseline of a city by its site or its group, one of them None, and its name."""


class FittedVersion(NamedTuple):
    """Which fit of a baseline holds, and the digest of what it was fitted to; no version: it was never fitted."""

    version: int | None = None
    inputs_hash: str | None = None
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True)
class BaselineDays:
    """The days of a window that are over and lie in the reporting period, with the mean temperature of each.

    ``model`` is None where the baseline was never fitted.
    """

    name: str
    declaration: BaselineDeclaration
    model: StoredModel | None
    days: tuple[date, ...]
    temperature: FloatColumn
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True)
class Model(Port[BaselineDays]):
    """The first baseline of a site or a group that measures by the indicator called ``kpi``."""

    kpi: str

    @property
    def lacking(self) -> str:
        """Say what a subject lacks that has no such baseline."""
        return Sentence("no site or group declares a baseline of {kpi} (baselines)").of(kpi=self.kpi)

    def bind(self, scope: "PortScope") -> "BoundModel":
        """Return the baseline of a subject; cities have none."""
        site = scope.topology.sites[scope.site] if scope.site else None
        owner = scope.membership.group if scope.membership else site
        every = (one for one in (owner.baselines if owner else ()) if one.energy.indicator == self.kpi)
        declared = next(every, None)
        of = scope.site, scope.membership.group.name if scope.membership else None
        if declared is None:
            return BoundModel(scope.city.name, *of, None, None, scope.zone)
        series = scope.series.get(declared.temperature.device, {}).get(declared.temperature.quantity)
        fitted = scope.fitted.get((*of, declared.name), FittedVersion())
        temperature = None if series is None else series.series_id
        return BoundModel(scope.city.name, *of, declared, temperature, scope.zone, fitted)


@dataclass(frozen=True)
class BoundModel(Reads[BaselineDays]):
    """The baseline of a site or a group, by the fit that holds."""

    city: str
    site: str | None
    group: str | None
    declared: BaselineDeclaration | None
    temperature: int | None
    zone: str
    fitted: FittedVersion = field(default_factory=FittedVersion)

    @property
    def owner(self) -> str:
        """What the site or group is called."""
        return self.site or self.group or self.city

    @property
    def series(self) -> frozenset[int]:
        """The series of the temperature."""
        return frozenset() if self.temperature is None else frozenset({self.temperature})

    @property
    def borrowed(self) -> frozenset[int]:
        """The same: weather begins no site's life."""
        return self.series

    @property
    def lacks(self) -> bool:
        """Whether no such baseline is declared, or nobody measures its temperature."""
        return self.declared is None or self.temperature is None

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the declaration, the fit that holds, and the adjustments that do."""
        declared = self.declared
        yield f"city file: baseline {declared and declared.name} of {self.site or self.group or ''}", declared
        if self.fitted.version is not None:
            yield f"baseline {declared and declared.name}: model {self.fitted.version}", self.fitted.inputs_hash
        for one in self.fitted.adjustments:
            yield f"adjustment {one.number} of {one.author}: {one.reason}", (one.first, one.last, one.amount)

    def keys(self, start: int, end: int) -> Iterable[Hashable]:
        """Return the fit, and the temperatures of the days."""
        if self.declared is None or self.temperature is None:
            return []
        model = [] if (key := self._model()) is None else [key]
        return [*model, *([] if (days := self._temperatures(start, end)) is None else [days])]

    def given(self, start: int, end: int, found: Found) -> BaselineDays:
        """Return the days with their temperatures, and the model."""
        if self.declared is None:
            raise TypeError(f"{self.owner} has no baseline, so nobody takes what it gives")
        key, model = self._temperatures(start, end), self._model()
        return BaselineDays(
            self.declared.name,
            self.declared,
            None if model is None else found.get(model),
            tuple(day_of(first, self.zone) for first, _ in self._days(start, end)),
            np.array([]) if key is None else found[key],
            self.fitted.adjustments,
        )

    def _model(self) -> ModelKey | None:
        version = self.fitted.version
        if version is None or self.declared is None:
            return None
        return ModelKey(self.city, self.site, self.group, self.declared.name, version)

    def _temperatures(self, start: int, end: int) -> DayTemperatureKey | None:
        days = self._days(start, end)
        if not days or self.declared is None or self.temperature is None:
            return None
        return DayTemperatureKey(self.temperature, self.zone, self.declared.method, days[0][0], days[-1][1])

    def _days(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the civil days of [start, end) that are over, from the reporting period on."""
        edges = covering(start, end, Period.DAY, self.zone)
        every = pairwise(edges[(edges >= start) & (edges <= end)].tolist())
        first = self.declared.reporting_from if self.declared else date.max
        return [span for span in every if day_of(span[0], self.zone) >= first]
