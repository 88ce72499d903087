"""Alarms in the database: the newest live readings, what turned, and what a restart must not forget.

Every function works in the caller's transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from math import isnan
from typing import Any, Final

import numpy as np

from ingest.model.time import from_micros, isoformat, to_micros
from kpi_engine.alarms.evaluation import Look, Watch
from kpi_engine.alarms.hysteresis import Phase
from kpi_engine.alarms.measures import LiveReadings, MeasureState
from kpi_engine.alarms.plan import ON_TIME, AlarmPlan, Group, Newest
from processors.steps.columns import ABSENT, Ints, Mask
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

AlarmMembership = tuple[str, int, int]
"""A rule, the id of the device its alarm is listed with, and that of a device it stands for."""

_LIVE: Final = (ColumnType.TIMESTAMP, ColumnType.DOUBLE)


def newest(connection: Connection, plan: AlarmPlan, now: int) -> Newest:
    """Return the newest readings that arrived while they were live."""
    if not len(plan.series_id):
        return Newest(np.empty(0, np.int64), np.empty(0))
    residual = _residual(connection, plan, now) if plan.balances else None
    parameters = {
        "series": plan.series_id.tolist(),
        "reach": plan.reach[plan.device_of].tolist(),
        "bound": plan.bound[plan.device_of].tolist(),
        "now": from_micros(now),
        "earliest": from_micros(now - int(plan.reach.max())),
    }
    time, value = read_arrays(connection, SQL["alarm_newest"], parameters, _LIVE)
    return Newest(time.astype(np.int64), value.astype(np.float64), residual)


def _residual(connection: Connection, plan: AlarmPlan, now: int) -> LiveReadings:
    """Return of each balance the newest hour that ended no longer than ON_TIME ago."""
    devices, quantities = (list(column) for column in zip(*plan.balances, strict=True))
    parameters = {"devices": devices, "quantities": quantities, "earliest": from_micros(now - ON_TIME)}
    time, share = read_arrays(connection, SQL["alarm_left_over"], parameters, _LIVE)
    return LiveReadings(time.astype(np.int64), share.astype(np.float64))


def load(connection: Connection, plan: AlarmPlan) -> list[Watch]:
    """Return what is known of each group: open alarms, and what was being waited out."""
    is_open = {tuple(row) for row in connection.execute(SQL["alarm_open"])}
    waiting = {(rule, device): known for rule, device, *known in connection.execute(SQL["alarm_watch"])}
    return [_watch(group, is_open, waiting) for group in plan.groups]


def save(connection: Connection, plan: AlarmPlan, watches: Sequence[Watch], least: int) -> None:
    """Write down what is known of what is open, and what has been waited out for at least so many microseconds."""
    connection.execute(SQL["alarm_watch_forget"])
    with connection.cursor() as cursor, cursor.copy(SQL["alarm_watch_copy"]) as copy:
        for group, watch in zip(plan.groups, watches, strict=True):
            phase, memory = watch.phase, watch.memory
            rows = (
                phase.is_open
                | _lasting(phase.since, phase.evaluated, least)
                | _lasting(memory.since, memory.evaluated, least)
            )
            columns = (
                group.device_id,
                memory.held,
                memory.count,
                phase.since,
                phase.evaluated,
                memory.since,
                memory.evaluated,
            )
            for device, held, count, *times in zip(*(column[rows].tolist() for column in columns), strict=True):
                copy.write_row((group.rule.name, device, None if isnan(held) else held, count, *map(_time, times)))


def turn(connection: Connection, group: Group, look: Look) -> None:
    """Open and close the alarms of a rule."""
    rule, level = group.rule, look.evidence.level
    if look.raised.any():
        threshold = group.limits.raise_at[look.raised].tolist()
        value, since = level[look.raised].tolist(), look.watch.memory.since[look.raised].tolist()
        places = [group.place[row] for row in np.flatnonzero(look.raised).tolist()]
        details = [
            rule.message.format(value=one, threshold=limit, since=_text(begun), place=place)
            for one, limit, begun, place in zip(value, threshold, since, places, strict=True)
        ]
        facts = {"rule": rule.name, "severity": rule.severity.value, "unit": rule.unit, "details": details}
        facts |= {"values": value, "thresholds": threshold} | _turned(group, look, look.raised)
        connection.execute(SQL["alarm_raise"], facts)
    if look.cleared.any():
        connection.execute(SQL["alarm_clear"], {"rule": rule.name} | _turned(group, look, look.cleared))


def members(connection: Connection, standing: Collection[AlarmMembership], now: int) -> None:
    """Write down which devices the open alarms of what they share stand for now; others have left them."""
    rules, leads, devices = zip(*sorted(standing), strict=True) if standing else ((), (), ())
    facts = {"rules": list(rules), "leads": list(leads), "members": list(devices), "now": from_micros(now)}
    connection.execute(SQL["alarm_members"], facts)


def end_unwatched(connection: Connection, plan: AlarmPlan, also: Iterable[tuple[str, int]], now: int) -> int:
    """Close the open alarms of rules and devices that are neither in the plan nor ``also``; returns how many."""
    watched = [(group.rule.name, device) for group in plan.groups for device in group.device_id.tolist()]
    watched += also
    parameters = {
        "rules": [rule for rule, _ in watched],
        "devices": [device for _, device in watched],
        "now": from_micros(now),
    }
    return connection.execute(SQL["alarm_end_unwatched"], parameters).rowcount


def _turned(group: Group, look: Look, rows: Mask) -> dict[str, object]:
    times = [from_micros(time) for time in look.evidence.time[rows].tolist()]
    return {"devices": group.device_id[rows].tolist(), "times": times}


def _watch(group: Group, is_open: set[tuple[object, ...]], waiting: Mapping[tuple[str, int], Sequence[Any]]) -> Watch:
    keys = [(group.rule.name, device) for device in group.device_id.tolist()]
    nothing = (None, 0, *(None,) * 4)
    held, count, since, evaluated, held_since, held_evaluated = zip(
        *(waiting.get(key, nothing) for key in keys), strict=True
    )
    values = np.array([np.nan if one is None else one for one in held])
    return Watch(
        Phase(np.array([key in is_open for key in keys], np.bool_), _times(since), _times(evaluated)),
        MeasureState(values, _times(held_since), _times(held_evaluated), np.array(count, np.int64)),
    )


def _times(known: Sequence[datetime | None]) -> Ints:
    return np.array([ABSENT if time is None else to_micros(time) for time in known], np.int64)


def _lasting(since: Ints, evaluated: Ints, least: int) -> Mask:
    lasting: Mask = (since != ABSENT) & (evaluated - since >= least)
    return lasting


def _text(micros: int) -> str:
    return "" if micros == ABSENT else isoformat(micros)


def _time(micros: int) -> datetime | None:
    return None if micros == ABSENT else from_micros(micros)
