"""Whom indicators speak of: a city or one of its sites, and the meters that count for it.

Meters are devices with the indicator's carrier in direction consumption that are not a submeter of another meter of
the same subject, so nothing is counted twice. Times are microseconds; a meter counts within its validity.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from ingest.model.assets import City, Device, Direction
from ingest.model.calendar import day_start
from ingest.model.catalogue import Catalogue, Series
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS

_FOREVER: Final = 2**62

SubjectId = tuple[int, int | None]


@dataclass(frozen=True)
class MeterEntry:
    """A meter of a subject: its series by quantity, and [valid_from, valid_to) in which it counts."""

    name: str
    series: Mapping[str, Series]
    valid_from: int
    valid_to: int


@dataclass(frozen=True)
class Subject:
    """A city, or one site of it; ``site`` and ``site_id`` are None for the city as a whole."""

    city: City
    city_id: int
    site: str | None
    site_id: int | None
    meters: Mapping[str, tuple[MeterEntry, ...]]
    factor_series: Mapping[str, Series]

    @property
    def key(self) -> SubjectId:
        """The ids by which the database knows the subject."""
        return self.city_id, self.site_id

    @property
    def zone(self) -> str:
        """The zone of the subject's civil time."""
        return self.city.timezone

    @cached_property
    def indicators(self) -> tuple[Indicator[Any], ...]:
        """What can be computed: a meter that reports everything needed, and a factor series where hours need one."""
        return tuple(indicator for indicator in INDICATORS.values() if self._can(indicator))

    def series_of(self, indicator: Indicator[Any]) -> set[int]:
        """Return the ids of the series that ``indicator`` reads."""
        needs = indicator.needs
        meters = self.meters.get(needs.carrier, ())
        read = {meter.series[name].series_id for meter in meters for name in needs.quantities if name in meter.series}
        return read | ({self.factor_series[needs.carrier].series_id} if needs.hourly else set())

    @cached_property
    def life_series(self) -> frozenset[int]:
        """The series whose first reading begins the subject's life: those of its meters."""
        every = (self.series_of(indicator) for indicator in self.indicators)
        return frozenset().union(*every) - {series.series_id for series in self.factor_series.values()}

    def definition(self, factors: Iterable[object]) -> str:
        """Return a digest of everything but readings that decides the subject's figures."""
        rules = sorted((indicator.name, indicator.rule_version) for indicator in self.indicators)
        meters = [
            (
                carrier,
                meter.name,
                meter.valid_from,
                meter.valid_to,
                sorted((q, s.series_id) for q, s in meter.series.items()),
            )
            for carrier, entries in sorted(self.meters.items())
            for meter in entries
        ]
        series = sorted((carrier, series.series_id) for carrier, series in self.factor_series.items())
        parts = (
            rules,
            meters,
            series,
            self.zone,
            sorted(self.city.factors.items()),
            [repr(factor) for factor in factors],
        )
        return sha256(repr(parts).encode()).hexdigest()

    def _can(self, indicator: Indicator[Any]) -> bool:
        needs = indicator.needs
        reports = any(
            all(quantity in meter.series for quantity in needs.quantities)
            for meter in self.meters.get(needs.carrier, ())
        )
        return reports and (not needs.hourly or needs.carrier in self.factor_series)


def subjects(catalogue: Catalogue, ids: Mapping[tuple[str, str | None], SubjectId]) -> list[Subject]:
    """Return every city and site with at least one indicator; ``ids`` by names of city and site (None: the city)."""
    every = (subject for city in catalogue.cities.values() for subject in _subjects(catalogue, city, ids))
    return [subject for subject in every if subject.indicators]


def _subjects(catalogue: Catalogue, city: City, ids: Mapping[tuple[str, str | None], SubjectId]) -> Iterator[Subject]:
    """Yield the city and each of its sites."""
    factor_series = {
        carrier: _series(catalogue, city, reference.device)[reference.quantity]
        for carrier, reference in city.factor_series.items()
    }
    for site, devices in _consumers(city).items():
        city_id, site_id = ids[city.name, site]
        yield Subject(city, city_id, site, site_id, _meters(catalogue, city, devices), factor_series)


def _consumers(city: City) -> dict[str | None, list[Device]]:
    """Return the metering devices of the city (None) and of each of its sites."""
    found: dict[str | None, list[Device]] = {None: [], **{site.name: [] for site in city.sites}}
    for device in city.devices:
        if device.carrier is not None and device.direction is Direction.CONSUMPTION:
            found[None].append(device)
            found[device.site].append(device)
    return found


def _meters(catalogue: Catalogue, city: City, devices: Sequence[Device]) -> dict[str, tuple[MeterEntry, ...]]:
    """Return by carrier the meters among ``devices`` that are no submeter of another one of them."""
    names = {device.name for device in devices}
    meters: dict[str, list[MeterEntry]] = {}
    for device in devices:
        if device.carrier is not None and device.submeter_of not in names:
            meters.setdefault(device.carrier, []).append(_meter(catalogue, city, device))
    return {carrier: tuple(entries) for carrier, entries in meters.items()}


def _meter(catalogue: Catalogue, city: City, device: Device) -> MeterEntry:
    return MeterEntry(
        name=device.name,
        series=catalogue.devices[city.name, device.address].series,
        valid_from=day_start(device.valid_from, city.timezone) if device.valid_from else -_FOREVER,
        valid_to=day_start(device.valid_to, city.timezone) if device.valid_to else _FOREVER,
    )


def _series(catalogue: Catalogue, city: City, name: str) -> Mapping[str, Series]:
    device = next(device for device in city.devices if device.name == name)
    return catalogue.devices[city.name, device.address].series
