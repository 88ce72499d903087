"""``pharos process``: the role that turns touched readings into hours, days and months."""

from contextlib import closing
from time import perf_counter
from typing import Final

import structlog
import typer
from prometheus_client import Counter, Histogram

from deploy import internal, settings
from deploy.logging import configure
from deploy.role import Causes, Stop, wait_to_be_alone, work_with_database
from processors.rollup_worker import RollupWorker
from processors.storage.current_catalogue import CurrentCatalogue
from processors.storage.database import Connection
from processors.storage.exclusive import Work
from processors.storage.rollups import RollupStore

IDLE_SECONDS: Final = 0.5  # between two looks for marks; with the KPI engine's own, well below the promised 5 s
PACE_SECONDS: Final = 1.0  # between two busy cycles: a cycle costs by series more than by reading, so they share one

HOURS = Counter("pharos_rollup_hours", "Civil hours computed from readings.")
CYCLE = Histogram("pharos_rollup_cycle_seconds", "Duration of one rollup cycle that had something to do.")

log = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="process")(process)


def process() -> None:
    """Keep hours, days and months up to date with the readings. Configured by PHAROS_* (see: pharos config).

    Example: PHAROS_DATABASE_URL=postgresql://pharos:...@localhost/pharos pharos process
    """
    configure("process")
    chosen = settings.load()
    stop, causes = Stop(), Causes("database")
    with closing(internal.serve(chosen.internal, causes)):
        work_with_database(
            chosen.database(), "pharos process", lambda connection: _run(connection, causes, stop), causes, stop
        )


def _run(connection: Connection, causes: Causes, stop: Stop) -> None:
    if not wait_to_be_alone(connection, Work.ROLLUPS, causes, stop):
        return
    worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
    log.info("rolling up")
    while not stop:
        started = perf_counter()
        cycle = worker.cycle()
        spent = perf_counter() - started
        if cycle.spans:
            CYCLE.observe(spent)
            HOURS.inc(cycle.hours)
        stop.wait(max(0.0, PACE_SECONDS - spent) if cycle.spans else IDLE_SECONDS)
