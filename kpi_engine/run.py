"""The KPI role's loop: keep every figure up to date until asked to stop, and let others breathe meanwhile."""

from collections.abc import Callable
from time import perf_counter
from typing import Final, Protocol

import structlog
from prometheus_client import Counter, Gauge, Histogram

from kpi_engine import agenda
from kpi_engine.engine import Engine
from kpi_engine.factors import registry as factors
from kpi_engine.factors.files import shipped
from processors.storage.database import Connection
from processors.storage.exclusive import Work, claim

IDLE_SECONDS: Final = 0.5  # between two looks for changed hours
REST_SHARE: Final = 0.5  # of the time a step took, while there is more to do: the database serves others too
REST_CEILING: Final = 0.5

RECOMPUTED = Counter("pharos_kpi_recomputed", "Figures recomputed.")
CHANGED = Counter("pharos_kpi_revisions", "New revisions of figures, where they changed.")
DUE = Gauge("pharos_kpi_due", "Figures on the agenda.")
STEP = Histogram("pharos_kpi_step_seconds", "Duration of one engine step that computed something.")

log = structlog.get_logger(__name__)


class Stopping(Protocol):
    """Tells a loop when to end."""

    def __bool__(self) -> bool: ...

    def wait(self, seconds: float) -> bool:
        """Sleep for ``seconds`` or until asked to stop."""
        ...


class Readiness(Protocol):
    """Where a role says why it is not ready."""

    def set(self, name: str, sentence: str) -> None:
        """Name a cause."""
        ...

    def clear(self, name: str) -> None:
        """Strike out a cause."""
        ...


def keep_up(connection: Connection, clock: Callable[[], int], stop: Stopping, readiness: Readiness) -> None:
    """Compute what is due until asked to stop; ``clock`` returns microseconds. Raises FactorError, psycopg.Error.

    A second engine on the same database waits, not ready, until the first one ends.
    """
    if not _alone(connection, stop, readiness):
        return
    published = factors.sync(connection, shipped())
    connection.commit()
    log.info("computing figures", new_factors=published)
    engine = Engine(connection)
    while not stop:
        started = perf_counter()
        step = engine.step(clock())
        spent = perf_counter() - started
        if step.recomputed:
            _observe(connection, step.recomputed, step.changed, spent)
            stop.wait(min(spent * REST_SHARE, REST_CEILING))
        else:
            stop.wait(IDLE_SECONDS)


def _alone(connection: Connection, stop: Stopping, readiness: Readiness) -> bool:
    """Wait to be the only engine of this database; False when asked to stop before."""
    while not stop:
        if claim(connection, Work.FIGURES):
            readiness.clear("engine")
            return True
        readiness.set("engine", "another KPI engine works on this database; waiting for it to end")
        stop.wait(1.0)
    return False


def _observe(connection: Connection, recomputed: int, changed: int, seconds: float) -> None:
    RECOMPUTED.inc(recomputed)
    CHANGED.inc(changed)
    STEP.observe(seconds)
    DUE.set(agenda.backlog(connection).figures)
    connection.commit()
    log.debug("recomputed", figures=recomputed, changed=changed, seconds=round(seconds, 3))
