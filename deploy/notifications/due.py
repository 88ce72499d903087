"""What is to be told now, to whom: alarms of one cause (a rule in a city) are one message. Pure; times are aware."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from itertools import groupby

from deploy.notifications.declaration import Route
from kpi_engine.alarms.journal import AlarmRecord


class Occasion(StrEnum):
    """Why somebody is told of an alarm."""

    RAISED = "raised"
    ESCALATED = "escalated"
    REMINDED = "reminded"
    CLEARED = "cleared"


@dataclass(frozen=True)
class Notified:
    """That a receiver was told of an alarm."""

    alarm_id: int
    receiver: str
    occasion: Occasion
    at: datetime


@dataclass(frozen=True)
class Notification:
    """One message: alarms of one rule in one city, the first raised first."""

    receiver: str
    occasion: Occasion
    city: str
    rule: str
    alarms: Sequence[AlarmRecord]


@dataclass(frozen=True)
class _Known:
    """What was told of which alarm."""

    at: Mapping[tuple[int, str, Occasion], datetime]
    """When somebody was last told of an alarm on an occasion."""
    last: Mapping[tuple[str, str, str], datetime]
    """When a receiver was last told of any alarm of a city and rule that was raised."""

    def notified(self, alarm: AlarmRecord, receiver: str, *occasions: Occasion) -> datetime | None:
        found = [self.at[key] for one in occasions if (key := (alarm.alarm_id, receiver, one)) in self.at]
        return max(found, default=None)


def due(
    routes: Iterable[Route],
    alarms: Sequence[AlarmRecord],
    notified: Iterable[Notified],
    zones: Mapping[str, tzinfo],
    now: datetime,
) -> list[Notification]:
    """Return the messages that are due at ``now``.

    ``alarms``: those that are open, and those told of that have been cleared; ``zones``: the civil time of cities.
    """
    known = _known(alarms, notified)
    wanted = {
        (receiver, occasion, alarm.alarm_id): alarm
        for route in routes
        for alarm in alarms
        if route.takes(alarm.city, alarm.rule, alarm.severity) and not _waits(route, alarm, zones, now)
        for receiver, occasion in _occasions(route, alarm, known, now)
    }

    def cause(one: tuple[tuple[str, Occasion, int], AlarmRecord]) -> tuple[str, Occasion, str, str]:
        (receiver, occasion, _), alarm = one
        return receiver, occasion, alarm.city, alarm.rule

    found = []
    for (receiver, occasion, city, rule), members in groupby(sorted(wanted.items(), key=cause), cause):
        ordered = sorted((alarm for _, alarm in members), key=lambda alarm: (alarm.raised_at, alarm.alarm_id))
        found.append(Notification(receiver, occasion, city, rule, ordered))
    return found


def _known(alarms: Iterable[AlarmRecord], notified: Iterable[Notified]) -> _Known:
    cause = {alarm.alarm_id: (alarm.city, alarm.rule) for alarm in alarms}
    at: dict[tuple[int, str, Occasion], datetime] = {}
    last: dict[tuple[str, str, str], datetime] = {}
    for one in notified:
        key = (one.alarm_id, one.receiver, one.occasion)
        at[key] = max(one.at, at.get(key, one.at))
        if one.occasion is Occasion.RAISED and one.alarm_id in cause:
            group = (one.receiver, *cause[one.alarm_id])
            last[group] = max(one.at, last.get(group, one.at))
    return _Known(at, last)


def _waits(route: Route, alarm: AlarmRecord, zones: Mapping[str, tzinfo], now: datetime) -> bool:
    return route.quiet is not None and route.quiet.holds_back(alarm.severity, now.astimezone(zones[alarm.city]))


def _occasions(route: Route, alarm: AlarmRecord, known: _Known, now: datetime) -> Iterator[tuple[str, Occasion]]:
    """Yield who is to be told of an alarm, and why."""
    receiver = route.receiver
    raised = known.notified(alarm, receiver, Occasion.RAISED)
    if alarm.cleared_at is not None:
        everybody = {receiver, *(step.receiver for step in route.escalate)} if route.cleared else set()
        for one in sorted(everybody):
            was_notified = known.notified(alarm, one, Occasion.RAISED, Occasion.ESCALATED)
            if was_notified and not known.notified(alarm, one, Occasion.CLEARED):
                yield one, Occasion.CLEARED
        return
    if alarm.acknowledged_at is not None or alarm.is_shelved(now):
        return
    if raised is None:
        last = known.last.get((receiver, alarm.city, alarm.rule))
        if now >= alarm.raised_at + route.wait and (last is None or now >= last + route.interval):
            yield receiver, Occasion.RAISED
        return
    for step in route.escalate:
        if now >= raised + step.after and not known.notified(alarm, step.receiver, Occasion.RAISED, Occasion.ESCALATED):
            yield step.receiver, Occasion.ESCALATED
    last_notified = known.notified(alarm, receiver, Occasion.RAISED, Occasion.REMINDED)
    if route.again is not None and last_notified is not None and now >= last_notified + route.again:
        yield receiver, Occasion.REMINDED
