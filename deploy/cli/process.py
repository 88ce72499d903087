"""``pharos process``: the role that turns touched readings into hours, days and months, and stores what Kafka holds."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Final

import structlog
import typer
from prometheus_client import Counter, Gauge, Histogram

from deploy import settings
from deploy.causes import Unreadiness
from deploy.observer import Oldest
from deploy.progress import Loop, Progress, Waiting
from deploy.report import Report
from deploy.roles.packing import Packing
from deploy.roles.peers import Peers
from deploy.roles.retention import Retention
from deploy.roles.role import Stop, wait_to_share, work_with_database
from deploy.roles.start import start, watched
from processors.rollups.worker import Cycle, RollupWorker
from processors.storage.database import Connection
from processors.storage.exclusive import Work
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.rollups.rollups import RollupStore
from processors.storage.rollups.shards import SHARDS, RollupShards
from processors.storage.statements import statements

SQL: Final = statements(__name__)

APPLICATION: Final = "pharos process"
MEANS: Final = "hours, days and months are not being computed"
TABLES: Final = "^(ledger|observation|rollup|conflict|quarantine|device|series|city|site|source|meter|session|state)"
IDLE_SECONDS: Final = 0.5  # between two looks for marks; with the KPI engine's own, well below the promised 5 s
NOTHING: Final = Cycle(0, 0)
LOOK_TIMES: Final = 4  # as long as it took to find nothing: marks of others are passed over
PACE_SECONDS: Final = 1.0  # between two busy cycles: a cycle costs by series more than by reading, so they share one

HOURS = Counter("pharos_rollup_buckets", "Civil hours computed from readings.")
CYCLE = Histogram("pharos_rollup_cycle_seconds", "Duration of one rollup cycle that had something to do.")
SHARDS_HELD = Gauge("pharos_rollup_shards", f"Shards of devices that this process rolls up, of {SHARDS}.")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Chores:
    """What is done between two cycles: hours are packed, and where nothing waits, one drops old readings for all."""

    packing: Packing
    retention: Retention

    def attend(self, connection: Connection, shards: RollupShards, *, is_busy: bool) -> None:
        """Do what is due of ``shards``."""
        if shards.held:
            self.packing.attend(connection, shards.held)
        if not is_busy and shards.is_keeper:
            self.retention.attend(connection)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="process")(process)


def process() -> None:
    """Keep hours, days and months up to date with the readings. Configured by PHAROS_* (see: pharos config).

    With PHAROS_KAFKA_BOOTSTRAP it also stores what Kafka holds, and shares that with every other pharos process.

    May run many times, on any number of machines: each has its share of the devices, and takes over within seconds what
    another leaves.

    Example: PHAROS_DATABASE_URL=postgresql://pharos:...@localhost/pharos pharos process
    """
    chosen, stop, causes = start("process", "database")
    rolling_up, packing = Loop("rolling up", MEANS), Packing()
    peers = Peers(chosen.database(), APPLICATION)
    # One that waits to roll up is not ready, unless it consumes meanwhile.
    roll_up = partial(
        _roll_up,
        peers=peers,
        standing_by=Unreadiness() if chosen.kafka_bootstrap else causes,
        stop=stop,
        chores=_Chores(packing, Retention(chosen.retention_days)),
        loop=rolling_up,
    )
    rollups = partial(work_with_database, chosen.database(), APPLICATION, roll_up, causes, stop, peers)
    if not chosen.kafka_bootstrap:
        with _watched(chosen, Report(MEANS, causes, notes=packing.notes), [rolling_up], [APPLICATION]):
            rollups()
        return
    # What reads messages is loaded where there are some: it takes most of the time of a start.
    from deploy import city_files  # noqa: PLC0415
    from deploy.roles import consume, storing  # noqa: PLC0415

    consuming = consume.ConsumeRole(chosen, city_files.started(chosen.cities, log.warning), causes, stop)
    report = Report(storing.MEANS, causes, notes=packing.notes)
    with _watched(chosen, report, [rolling_up, consuming.loop], [APPLICATION, consume.APPLICATION]):
        _together(rollups, consuming.run, stop)


@contextmanager
def _watched(chosen: settings.Settings, report: Report, loops: list[Loop], applications: list[str]) -> Iterator[None]:
    """Tell the world meanwhile how the work goes."""
    oldest = Oldest(SQL["oldest_mark"])
    progress = Progress(loops, [Waiting("reading to compute hours of", oldest)])
    with watched(chosen, replace(report, progress=progress), applications, TABLES, [oldest.look]):
        yield


def _together(here: Callable[[], None], beside: Callable[[], None], stop: Stop) -> None:
    """Run both until asked to stop; when one ends, for whatever reason, so does the other. Raises what they raise."""
    with ThreadPoolExecutor(1, "beside") as threads:
        running = threads.submit(beside)
        running.add_done_callback(lambda _: stop.set())
        try:
            here()
        finally:
            stop.set()
        running.result()


def _roll_up(  # noqa: PLR0913, PLR0917 - a role is told all that it depends on
    connection: Connection, peers: Peers, standing_by: Unreadiness, stop: Stop, chores: _Chores, loop: Loop
) -> None:
    if not wait_to_share(connection, Work.ROLLUPS, standing_by, stop):
        return
    worker, shards = RollupWorker(RollupStore(connection), CurrentCatalogue(connection)), RollupShards(connection)
    log.info("rolling up")
    while not stop:
        started = perf_counter()
        with loop.piece():
            _share(worker, shards, peers)
            cycle = worker.cycle() if shards.held else NOTHING
        spent = perf_counter() - started
        if cycle.spans:
            worker.pace(spent)
            CYCLE.observe(spent)
            HOURS.inc(cycle.hours)
        with loop.piece():
            chores.attend(connection, shards, is_busy=cycle.spans > 0)
        rest = started + PACE_SECONDS - perf_counter() if cycle.spans else max(IDLE_SECONDS, LOOK_TIMES * spent)
        stop.wait(max(0.0, rest))


def _share(worker: RollupWorker, shards: RollupShards, peers: Peers) -> None:
    """Have this process's share of the devices, as soon as its place among its peers is known."""
    if peers.place is None:
        return
    before = shards.held
    if shards.balance(peers.place) or shards.held != before:
        worker.own(shards.held)
        SHARDS_HELD.set(len(shards.held))
        log.info("share of the devices", shards=len(shards.held), of=SHARDS, processes=peers.place.count)
