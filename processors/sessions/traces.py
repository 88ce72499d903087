"""Charging points whose readings tell of sessions, and the sessions that these readings come to.

A point is one whose register and plug are read; what it reported is read with as much around as sessions depend on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Period, covering
from ingest.model.catalogue import Catalogue, DeviceEntry, Series
from ingest.model.registers import Scope
from ingest.model.session import ENERGY, PLUGS, Plug, Session
from ingest.model.time import DAY, MICROSECOND, from_micros
from processors.sessions.rollups import rated_power
from processors.steps.charging_register import Register, Trace
from processors.steps.contracts import contracts
from processors.steps.registers import reach_of
from processors.steps.session_assembly import assemble, occupancy
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class ReadPoint:
    """A charging point, the series that tells of vehicles by the rules of ``plug``, and its register."""

    device: DeviceEntry
    plug: Plug
    plugged: Series
    register: Series


@dataclass(frozen=True)
class SessionQuery:
    """The sessions of a point that begin in [start, end)."""

    point: ReadPoint
    start: int
    end: int


def read_points(devices: Iterable[DeviceEntry]) -> Iterator[ReadPoint]:
    """Yield those of ``devices`` whose readings tell of sessions."""
    for device in devices:
        if plug := device.plug:
            yield ReadPoint(device, plug, device.series[plug.quantity], device.series[ENERGY])


def assembled(connection: Connection, catalogue: Catalogue, queries: Sequence[SessionQuery]) -> list[list[Session]]:
    """Return the sessions that are asked for, in order, with their flags; a function of the stored readings."""
    found: list[list[Session]] = [[] for _ in queries]
    for plug in PLUGS:
        slots = [slot for slot, one in enumerate(queries) if one.point.plug is plug]
        if not slots:
            continue
        for slot, *columns in connection.execute(SQL["session_traces"], _parameters(plug, slots, queries)):
            one = queries[slot]
            plugged, series = occupancy(plug, _trace(*columns[:2])), one.point.register
            register = _register(series, _trace(*columns[2:]))
            sessions = assemble(plugged, register, rated_power(catalogue, series.city, series.site))
            found[slot] = [session for session in sessions if one.start <= session.begin < one.end]
    return found


def _parameters(plug: Plug, slots: Sequence[int], queries: Sequence[SessionQuery]) -> dict[str, Any]:
    return {
        "slot": slots,
        "plug_id": [queries[slot].point.plugged.series_id for slot in slots],
        "register_id": [queries[slot].point.register.series_id for slot in slots],
        "from_time": [from_micros(queries[slot].start) for slot in slots],
        "to_time": [from_micros(queries[slot].end) for slot in slots],
        "around": [_reach(queries[slot].point.register) * MICROSECOND for slot in slots],
        "free": list(plug.free),
        "silent": list(plug.silent),
    }


def _reach(series: Series) -> int:
    """Return how far from a fall of a register its readings decide what happened, whichever contract is in force."""
    excursions = contracts(series.contracts.values).excursion
    return int(reach_of(excursions, np.full(len(excursions), series.interval.length)).max())


def _register(series: Series, readings: Trace) -> Register:
    days = np.empty(0, np.int64)
    if len(readings.time) and any(one.scope is Scope.DAY for one in series.contracts.values):
        first, last = (int(readings.time[index]) for index in (0, -1))
        days = covering(first - DAY, last + DAY, Period.DAY, series.zone)
    return Register(readings, series.contracts, series.swaps, series.interval.length, days)


def _trace(time: list[int] | None, value: list[float] | None) -> Trace:
    return Trace(np.array(time or [], np.int64), np.array(value or [], np.float64))
