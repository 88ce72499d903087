"""A town whose alarms are judged without a database: what was received, and a look every half minute."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City
from ingest.model.time import SECOND, from_micros, isoformat, to_micros
from kpi_engine.alarms.evaluation import Watch, look
from kpi_engine.alarms.plan import AlarmPlan, Group, Newest, plan
from processors.intake.trial import provisional_ids
from processors.steps.columns import ABSENT

EVERY: Final = 30 * SECOND


def at(text: str) -> int:
    """Return an RFC 3339 time in microseconds."""
    return to_micros(datetime.fromisoformat(text))


class Received(NamedTuple):
    """One reading: when it was true, when it arrived."""

    device: str
    quantity: str
    time: int
    value: float
    received_at: int


class Story(NamedTuple):
    """One alarm from raising to clearing; times are RFC 3339."""

    rule: str
    device: str
    raised_at: str
    cleared_at: str | None


@dataclass(frozen=True)
class Town:
    """A city's plan, and the series of its devices."""

    plan: AlarmPlan
    catalogue: Catalogue

    @classmethod
    def of(cls, city: City, day: int) -> "Town":
        """Return the town on the civil day of an instant."""
        catalogue = Catalogue([city], provisional_ids([city]))
        local = from_micros(day).astimezone(ZoneInfo(city.timezone)).date()
        return cls(plan(catalogue, {city.name: local}), catalogue)

    def stories(self, received: Iterable[Received], start: int, end: int, every: int = EVERY) -> list[Story]:
        """Return the alarms of looks at [start, end), each at what had been received by then."""
        waiting = sorted(received, key=lambda one: one.received_at)
        shelf = Shelf(self)
        watches = [Watch.begun(len(group.row)) for group in self.plan.groups]
        told: dict[tuple[str, str], list[Story]] = {}
        for now in range(start, end, every):
            while waiting and waiting[0].received_at <= now:
                shelf.put(waiting.pop(0))
            newest = shelf.newest(now)
            for index, (group, sight) in enumerate(self.plan.sights(newest, now)):
                found = look(group, sight, watches[index])
                watches[index] = found.watch
                for row in np.flatnonzero(found.raised | found.cleared).tolist():
                    self._tell(told, group, row, int(found.evidence.time[row]), bool(found.raised[row]))
        return sorted(story for stories in told.values() for story in stories)

    def _tell(
        self, told: dict[tuple[str, str], list[Story]], group: Group, row: int, time: int, is_raised: bool
    ) -> None:
        names = {entry.device_id: entry.name for entry in self.catalogue.devices.values()}
        key = (group.rule.name, names[int(group.device_id[row])])
        if is_raised:
            told.setdefault(key, []).append(Story(*key, isoformat(time), None))
        else:
            told[key][-1] = told[key][-1]._replace(cleared_at=isoformat(time))


class Shelf:
    """What a store knows of the newest readings of a town, in memory: as the statement ``alarm_newest`` finds them."""

    def __init__(self, town: Town) -> None:
        self._plan = town.plan
        series = {id_: (one.device, one.quantity) for id_, one in town.catalogue.series.items()}
        self._rows = {series[id_]: row for row, id_ in enumerate(town.plan.series_id.tolist())}
        self._bound = town.plan.bound[town.plan.device_of].tolist()
        self._reach = town.plan.reach[town.plan.device_of].tolist()
        self._newest: dict[int, Received] = {}

    def put(self, reading: Received) -> None:
        """Keep a reading; one that came late, is known, or is older than another changes nothing that counts."""
        row = self._rows[reading.device, reading.quantity]
        is_late = reading.received_at > reading.time + self._bound[row]
        if not is_late and (row not in self._newest or reading.time > self._newest[row].time):
            self._newest[row] = reading

    def newest(self, now: int) -> Newest:
        """Return the newest reading of each series, within its reach."""
        size = len(self._reach)
        found = Newest(np.full(size, ABSENT), np.full(size, np.nan))
        for row, reading in self._newest.items():
            if reading.time >= now - self._reach[row]:
                found.time[row], found.value[row] = reading.time, reading.value
        return found
