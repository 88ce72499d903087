"""A trial: what a message would become, through the same decoder, resolver and rules as live data; stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.decoder import Decoder, Flaw
from ingest.limits import DEFAULT, PayloadLimits
from ingest.meter_keys import KeysOf, none
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.city.assets import City
from ingest.model.given_interval import UNGIVEN
from ingest.model.observation import ObservationBatch, RawMessage, Refusal, Resolved
from ingest.model.reading import Quality
from ingest.model.time import isoformat
from ingest.reasons import Reason
from ingest.resolve import Resolver
from processors.intake.stream import check
from processors.isolation import described, isolated, record
from processors.series.intake_columns import SeriesTable


@dataclass(frozen=True)
class Row:
    """An observation that would be written; ``value`` in the canonical ``unit``, ``begin`` where that is given."""

    city: str
    device: str
    quantity: str
    time: str
    value: float
    unit: str
    quality: str
    begin: str | None = None


@dataclass(frozen=True)
class Trial:
    """What a message would become: every reading is a row or refused."""

    rows: list[Row]
    refusals: list[Refusal]


def trial(
    message: RawMessage, cities: list[City], decoder: Decoder, limits: PayloadLimits = DEFAULT, keys: KeysOf = none
) -> Trial:
    """Take ``message`` through the steps that look at one message; ``decoder`` is that of the native topics."""
    catalogue = Catalogue(cities, provisional_ids(cities))
    resolver = Resolver(catalogue, decoder, limits, keys=keys)

    def take(messages: Sequence[RawMessage]) -> Resolved:
        return check(resolver.resolve(messages), SeriesTable(catalogue))

    def refuse(failed: RawMessage, error: Exception) -> Resolved:
        record(error, failed)
        refusal = resolver.refused(failed, Flaw(Reason.INTERNAL_ERROR, described(error)))
        return Resolved(ObservationBatch.empty(), [refusal])

    (checked,) = isolated([message], take, refuse)
    batch = checked.batch
    begins = batch.time * 0 + UNGIVEN if batch.begin is None else batch.begin
    columns = (batch.series_id, batch.time, batch.value, batch.quality, begins)
    rows = []
    for series_id, time, value, quality, begin in zip(*(column.tolist() for column in columns), strict=True):
        series = catalogue.series[series_id]
        name = Quality(quality).name.lower()
        concerned = (series.city, series.device, series.quantity)
        given = None if begin == UNGIVEN else isoformat(begin)
        rows.append(Row(*concerned, isoformat(time), value, series.unit, name, given))
    return Trial(rows, checked.refusals)


def provisional_ids(cities: list[City]) -> Ids:
    """Return ids for devices and series that no registry has seen."""
    devices = [(city.name, device.name) for city in cities for device in city.devices]
    series = [
        (city.name, device.name, declared.quantity)
        for city in cities
        for device in city.devices
        for declared in device.series
    ]
    return Ids(
        devices={device: number for number, device in enumerate(devices, 1)},
        series={one: number for number, one in enumerate(series, 1)},
    )
