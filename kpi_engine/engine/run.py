"""The KPI role's loop: keep figures up to date and alarms watched until asked to stop, and let others breathe."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Final, Protocol

import structlog
from prometheus_client import Counter, Gauge, Histogram
from psycopg.errors import SerializationFailure

from ingest.model.time import MINUTE, SECOND
from ingest.wording import in_words
from kpi_engine.alarms.watcher import Watcher
from kpi_engine.engine import failures, recompute_queue
from kpi_engine.engine.engine import Engine, EngineStep
from kpi_engine.engine.recompute_queue import FirstLoads
from kpi_engine.factors import registry as factors
from kpi_engine.factors.files import shipped
from kpi_engine.figures.retention import Thinning
from kpi_engine.residuals.worker import Worked
from processors.storage.database import Connection
from processors.storage.statements import statements

IDLE_SECONDS: Final = 0.5  # between two looks for changed hours
REST_SHARE: Final = 0.5  # of the time a step took, while there is more to do: the database serves others too
REST_CEILING: Final = 0.5
FIRST_LOADS: Final = FirstLoads(rest=5 * SECOND, longer=MINUTE, closed=10 * MINUTE, open=MINUTE)
STEP_SECONDS: Final = 1.0  # as long as late data may have to wait for a step that began before them

RECOMPUTED = Counter("pharos_kpi_recomputed", "Figures recomputed.")
CHANGED = Counter("pharos_kpi_revisions", "New revisions of figures, where they changed.")
DUE = Gauge("pharos_kpi_due", "Figures on the agenda.")
LOOK = Histogram("pharos_alarm_look_seconds", "Duration of one look for alarms at every device.")
RESIDUALS = Counter("pharos_kpi_residuals", "Values of residual series that are new or changed.")
RESIDUAL_STEP = Histogram("pharos_kpi_residual_step_seconds", "Duration of one step that computed residuals.")
STEP = Histogram("pharos_kpi_step_seconds", "Duration of one engine step that computed something.")

SQL: Final = statements(__name__)

COUNT_SHARE: Final = 0.05  # of the time: counting what is due reads all of it

log = structlog.get_logger(__name__)


class Stopping(Protocol):
    """Tells a loop when to end."""

    def __bool__(self) -> bool: ...

    def wait(self, seconds: float) -> bool:
        """Sleep for ``seconds`` or until asked to stop."""
        ...


class DueCount:
    """Keeps the gauge of due figures: after steps, more seldom where there is much to count."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._is_wanted = False
        self._next = 0.0

    def want(self) -> None:
        """Take note that the number has changed."""
        self._is_wanted = True

    def step(self, count: Callable[[], int]) -> None:
        """Count, if the number has changed since, and it is time to."""
        began = self._clock()
        if self._is_wanted and began >= self._next:
            DUE.set(count())
            self._is_wanted, self._next = False, began + (self._clock() - began) / COUNT_SHARE


@dataclass
class _Duties:
    """What one process does for all: thinning old revisions, and watching for alarms."""

    thinning: Thinning
    watcher: Watcher


def keep_up(  # noqa: PLR0913, PLR0917 - a role is told all that it depends on
    connection: Connection,
    clock: Callable[[], int],
    stop: Stopping,
    piece: Callable[[], AbstractContextManager[object]] = nullcontext,
    is_taking: Callable[[], bool] = lambda: True,
    may_lead: Callable[[], bool] = lambda: True,
    loads: FirstLoads = FIRST_LOADS,
) -> None:
    """Compute what is due, and as long as one leads watch for alarms, until asked to stop; ``clock``: microseconds.

    Each step is done inside of a ``piece``, so that somebody may see whether steps end. ``is_taking`` tells whether
    messages are taken at the moment: otherwise no device is called silent. ``may_lead`` is asked until it agrees: from
    then on this process does what one has to do for all. ``loads``: how long figures of a first load wait for more.

    Raises FactorError, psycopg.Error.
    """
    connection.execute(SQL["worker_session"])
    connection.commit()
    duties: _Duties | None = None
    engine, due = Engine(connection, is_live=True, leads=False), DueCount()
    while not stop:
        try:
            with piece():
                if duties is None and may_lead():
                    duties = _lead(connection, is_taking)
                    engine = Engine(connection, is_live=True, loads=loads)
                rest = _step(connection, engine, due, duties, clock)
        except SerializationFailure as error:
            log.warning("what was being computed changed meanwhile, computing it again", cause=in_words(error))
            engine, rest = Engine(connection, is_live=True, leads=duties is not None, loads=loads), IDLE_SECONDS
        except Exception as error:
            failures.note(connection, engine.trying, error)  # the role ends, and the queue says why
            raise
        stop.wait(rest)


def _lead(connection: Connection, is_taking: Callable[[], bool]) -> _Duties:
    connection.execute(SQL["leader_session"])
    published = factors.sync(connection, shipped())
    connection.commit()
    log.info("computing figures, and noting what is due for all who do", new_factors=published)
    return _Duties(Thinning(), Watcher(connection, is_taking))


def _step(
    connection: Connection, engine: Engine, due: DueCount, duties: _Duties | None, clock: Callable[[], int]
) -> float:
    """Do a bit of everything; returns how long to rest."""
    started = perf_counter()
    step = engine.step(clock())
    spent = perf_counter() - started
    worked = _residuals(engine, clock())
    busy = perf_counter() - started
    if step.recomputed:
        engine.pace(spent, STEP_SECONDS)
        _observe(step, spent)
        due.want()
    if duties:
        due.step(lambda: _due(connection))
        _thin(connection, duties.thinning, clock())
        _watch(duties.watcher, clock())
    return min(busy * REST_SHARE, REST_CEILING) if step.recomputed or worked.spans else IDLE_SECONDS


def _observe(step: EngineStep, seconds: float) -> None:
    RECOMPUTED.inc(step.recomputed)
    CHANGED.inc(step.changed)
    STEP.observe(seconds)
    log.debug("recomputed", figures=step.recomputed, changed=step.changed, seconds=round(seconds, 3))


def _due(connection: Connection) -> int:
    figures = recompute_queue.backlog(connection).figures
    connection.commit()
    return figures


def _residuals(engine: Engine, now: int) -> Worked:
    started = perf_counter()
    worked = engine.residuals(now)
    if worked.spans:
        RESIDUALS.inc(worked.changed)
        RESIDUAL_STEP.observe(perf_counter() - started)
    return worked


def _thin(connection: Connection, thinning: Thinning, now: int) -> None:
    done = thinning.step(connection, now)
    if done.revisions or done.records:
        log.info("old revisions of open periods thinned", revisions=done.revisions, records=done.records)


def _watch(watcher: Watcher, now: int) -> None:
    started = perf_counter()
    looked = watcher.step(now)
    if looked is None:
        return
    LOOK.observe(perf_counter() - started)
    if looked.raised or looked.cleared:
        log.info("alarms turned", raised=looked.raised, cleared=looked.cleared)
