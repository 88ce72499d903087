"""The watcher: looks at every device each half minute, and raises and clears alarms.

One per database. What it remembers between two looks is written down every few minutes and whenever an alarm turned, so
that a restart loses no wait of hours; after an error its memory is read again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from ingest.model.alarm import Widespread
from ingest.model.catalogue import Catalogue
from ingest.model.time import MINUTE, SECOND, from_micros
from kpi_engine.alarms import figure_watch, store
from kpi_engine.alarms.evaluation import Look, Watch, look
from kpi_engine.alarms.figure_watch import FigureWatch
from kpi_engine.alarms.listening import Listening
from kpi_engine.alarms.plan import AlarmPlan, Newest, plan
from kpi_engine.alarms.store import AlarmMembership
from processors.steps.columns import Mask
from processors.storage.database import Connection
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.transactions import committing

EVERY: Final = 30 * SECOND
WRITTEN_DOWN_EVERY: Final = 5 * MINUTE
FIGURES_EVERY: Final = 5 * MINUTE


@dataclass(frozen=True)
class Looked:
    """What one look did: devices watched, alarms raised and cleared."""

    devices: int = 0
    raised: int = 0
    cleared: int = 0


@dataclass(frozen=True)
class _Known:
    """What a plan was made of, the plan, and what is known of each of its groups."""

    catalogue: Catalogue
    days: Mapping[str, date]
    plan: AlarmPlan
    figures: FigureWatch
    watches: Sequence[Watch]
    listening: Listening
    members: frozenset[AlarmMembership] | None = None
    """Whom the open alarms of what devices share stand for; None: nobody has looked yet."""


class Watcher:
    """Looks at the devices of a database when it is time to. ``is_taking`` tells whether messages are taken now."""

    def __init__(self, connection: Connection, is_taking: Callable[[], bool] = lambda: True) -> None:
        self._connection = connection
        self._is_taking = is_taking
        self._catalogue = CurrentCatalogue(connection)
        self._known: _Known | None = None
        self._next = self._next_writing = self._next_figures = 0

    def step(self, now: int) -> Looked | None:
        """Look, if it is time to; ``now`` in microseconds. Raises psycopg.Error, and then nothing has happened."""
        if now < self._next:
            return None
        self._next = now + EVERY
        known, self._known = self._known, None
        catalogue = self._catalogue()
        with committing(self._connection):
            known, ended = self._current(known, catalogue, now)
            newest = store.newest(self._connection, known.plan, now)
            last_seen = known.plan.last_seen(newest)
            listening = known.listening.at(now, self._is_taking(), known.plan.peers, last_seen)
            looks = self._look(known, newest, listening, now)
            known = replace(known, watches=[one.watch for one in looks], listening=listening)
            known = replace(known, members=self._members(known, now))
            raised, cleared = (sum(int(rows.sum()) for rows in turned) for turned in _turned(looks))
            of_figures = self._look_at_figures(known.figures, now)
            if raised or cleared or now >= self._next_writing:
                self._write_down(known, now)
        self._known = known
        return Looked(len(known.plan.interval), raised + of_figures[0], cleared + ended + of_figures[1])

    def _current(self, known: _Known | None, catalogue: Catalogue, now: int) -> tuple[_Known, int]:
        """Return what is known by the city files of today, and how many alarms nobody watches any more."""
        days = {
            name: from_micros(now).astimezone(ZoneInfo(one.timezone)).date() for name, one in catalogue.cities.items()
        }
        if known is not None and known.catalogue is catalogue and known.days == days:
            return known, 0
        if known is not None:
            store.save(self._connection, known.plan, known.watches, 0)
        current, figures = plan(catalogue, days), figure_watch.watched(catalogue, days)
        ended = store.end_unwatched(self._connection, current, figures.rules, now)
        watches, listening = store.load(self._connection, current), Listening.begun(len(current.interval))
        if known is not None:  # who is silent in a city is seen anew at the next look, the intake is not
            listening = replace(listening, intake=known.listening.intake)
        self._next_figures = now  # what the city files say of figures may be new
        return _Known(catalogue, days, current, figures, watches, listening), ended

    def _look(self, known: _Known, newest: Newest, listening: Listening, now: int) -> list[Look]:
        sights = zip(known.plan.sights(newest, now, listening), known.watches, strict=True)
        looks = [(group, look(group, snapshot, watch)) for (group, snapshot), watch in sights]
        for group, one in looks:
            store.turn(self._connection, group, one)
        return [one for _, one in looks]

    def _look_at_figures(self, figures: FigureWatch, now: int) -> tuple[int, int]:
        """Return how many alarms of figures were raised and cleared; looked at less often, as figures move seldom."""
        if now < self._next_figures:
            return 0, 0
        self._next_figures = now + FIGURES_EVERY
        return figure_watch.look(self._connection, figures, now)

    def _members(self, known: _Known, now: int) -> frozenset[AlarmMembership]:
        """Return whom open alarms of what is shared stand for, written down where it has changed."""
        members = frozenset(
            (group.rule.name, int(group.device_id[row]), member)
            for group, watch in zip(known.plan.groups, known.watches, strict=True)
            if isinstance(group.rule.measure, Widespread)
            for row in np.flatnonzero(watch.phase.is_open).tolist()
            for member in known.plan.silenced(
                group.rule.measure.shared_by, int(group.row[row]), known.listening
            ).tolist()
        )
        if members != known.members:
            store.members(self._connection, members, now)
        return members

    def _write_down(self, known: _Known, now: int) -> None:
        store.save(self._connection, known.plan, known.watches, WRITTEN_DOWN_EVERY)
        self._next_writing = now + WRITTEN_DOWN_EVERY


def _turned(looks: Sequence[Look]) -> tuple[list[Mask], list[Mask]]:
    return [one.raised for one in looks], [one.cleared for one in looks]
