"""What applying a city file would do to the devices that are registered, in words and before it is done.

Nothing is deleted by it. But of what leaves the file, or is declared to be valid for less time, the past is in no
figure that is computed from then on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from ingest.collection import paused
from ingest.model.city.assets import City
from ingest.model.city.device import Device
from ingest.model.city.identity import predecessors
from ingest.model.time import isoformat, to_micros
from processors.storage.database import Connection
from processors.storage.figures.batches import inputs_naming
from processors.storage.statements import statements

SQL: Final = statements(__name__)


_Span = tuple[datetime, datetime] | None


@dataclass(frozen=True)
class CityChanges:
    """Sentences: what a file does, what it takes out of figures (``losses``), and which devices leave it."""

    news: Sequence[str] = ()
    losses: Sequence[str] = ()
    leaving: Sequence[str] = ()


@paused()
def changes(connection: Connection, city: City) -> CityChanges:
    """Return what registering ``city`` would change; nothing where it is not registered yet."""
    row = connection.execute(SQL["city_document"], {"city": city.name}).fetchone()
    return CityChanges() if row is None else _Comparison(connection, City.model_validate(row[0]), city).changes()


class _Comparison:
    def __init__(self, connection: Connection, before: City, now: City) -> None:
        self._connection, self._before, self._now = connection, before, now
        self._former = predecessors(before, now)
        self._spans = self._stored()

    def changes(self) -> CityChanges:
        staying = {device.address for device in self._former.values()}
        leaving = [device for device in self._before.devices if device.address not in staying]
        losses = [*self._departures(leaving), *self._reductions()]
        losing = sorted({device.name for device in leaving} | {device.name for device in self._reduced()})
        if losses:
            losses.append(self._figures(losing))
        return CityChanges(list(self._news(leaving)), losses, [device.name for device in leaving])

    def _news(self, leaving: Sequence[Device]) -> Iterator[str]:
        for device in self._now.devices:
            former = self._former.get(device.name)
            if former is None:
                yield f"{device.name} is new (native_id {device.address})"
            elif former.name != device.name:
                yield f"{former.name} is called {device.name} from now on; its readings and figures stay its own"
        for device in leaving:
            if self._span(device, [one.quantity for one in device.series]) is None:
                yield f"{device.name} leaves; it never sent a reading"

    def _departures(self, leaving: Sequence[Device]) -> Iterator[str]:
        """Yield what leaves of which readings are stored, and how it would stay."""
        successors = {device.name: device for device in self._now.devices if device.name not in self._former}
        for device in leaving:
            span = self._span(device, [one.quantity for one in device.series])
            if span is None:
                continue
            yield f"{device.name} leaves, and with it {_readings(device, span)}"
            if (successor := successors.get(device.name)) is not None:
                yield (
                    f"{device.name} of the file has another native_id, {successor.address} instead of {device.address},"
                    f" so it is another device; if it is the same, declare former_native_id: {device.address}"
                )
            elif len(successors) == len(leaving) == 1:
                yield f"if {next(iter(successors))} is the same device, give it native_id: {device.address}"

    def _reduced(self) -> Iterator[Device]:
        """Yield what devices were that stay with fewer series or for less time."""
        for device in self._now.devices:
            former = self._former.get(device.name)
            if former is not None and (_dropped(former, device) or _is_shorter(former, device)):
                yield former

    def _reductions(self) -> Iterator[str]:
        for device in self._now.devices:
            former = self._former.get(device.name)
            if former is None:
                continue
            dropped = _dropped(former, device)
            if dropped and (span := self._span(former, dropped)):
                yield f"{device.name} reports no {', '.join(dropped)} any more, and with it {_readings(former, span)}"
            if _is_shorter(former, device) and (span := self._span(former, [one.quantity for one in former.series])):
                yield f"{device.name} is valid {_validity(device)}, no longer {_validity(former)}; {_stored(span)}"

    def _figures(self, names: Sequence[str]) -> str:
        named = inputs_naming(self._connection, self._now.name, [f'"{name}"' for name in names])
        found = [(batch_id, place) for batch_id, places in named.items() for place in places]
        of = {"batches": [batch_id for batch_id, _ in found], "places": [place for _, place in found]}
        (count,) = self._connection.execute(
            SQL["city_figures_of_inputs"], of | {"city": self._now.name}
        ).fetchone() or (0,)
        figures = "1 published figure was" if count == 1 else f"{count} published figures were"
        return f"{figures} computed with {', '.join(names)}: they change or vanish when they are computed anew"

    def _stored(self) -> dict[tuple[str, str], _Span]:
        rows = self._connection.execute(SQL["city_stored_spans"], {"city": self._before.name})
        return {(device, quantity): (first, last) for device, quantity, first, last in rows}

    def _span(self, device: Device, quantities: Sequence[str]) -> _Span:
        """Return from when to when readings of a device's quantities are stored; None where none are."""
        found = [span for one in quantities if (span := self._spans.get((device.name, one))) is not None]
        return (min(first for first, _ in found), max(last for _, last in found)) if found else None


def _dropped(former: Device, device: Device) -> list[str]:
    kept = {one.quantity for one in device.series}
    return [one.quantity for one in former.series if one.quantity not in kept]


def _is_shorter(former: Device, device: Device) -> bool:
    begins_later = (device.valid_from or date.min) > (former.valid_from or date.min)
    return begins_later or (device.valid_to or date.max) < (former.valid_to or date.max)


def _validity(device: Device) -> str:
    since, until = device.valid_from, device.valid_to
    return f"from {since or 'the beginning'} to {until or 'now'}"


def _readings(device: Device, span: tuple[datetime, datetime]) -> str:
    return f"the past of {len(device.series)} series: {_stored(span)}"


def _stored(span: tuple[datetime, datetime]) -> str:
    first, last = (isoformat(to_micros(instant)) for instant in span)
    return f"readings from {first} to {last} are stored"
