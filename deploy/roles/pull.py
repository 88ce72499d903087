"""The role that asks services for readings: each on its schedule, one after the other, and stores what they answer.

What it knows of how far it got is in the database, so a restart goes on. A service that is away is asked again with
growing pauses, and holds up no other one for longer than its own questions take.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

import psycopg
import structlog
from prometheus_client import Counter

from deploy.causes import Unreadiness
from deploy.progress import Loop
from deploy.roles import metrics
from deploy.roles.role import Stop, wait_to_be_alone
from deploy.settings import Settings
from ingest.backoff import Backoff
from ingest.model.catalogue import Catalogue
from ingest.model.time import MICROSECOND, SECOND
from ingest.sources.pull import account
from ingest.sources.pull.account import NOBODY
from ingest.sources.pull.bound import Asked, PulledBinding, pulled_bindings
from ingest.sources.pull.client import Client
from ingest.sources.pull.errors import PullError, ServiceAwayError, StoppedError
from ingest.sources.pull.hub import Dataset
from processors.errors import StoreUnavailableError
from processors.intake.pull import NewestReading, Pulling, QuestionOutcome
from processors.intake.stream import Stream
from processors.storage.database import Connection
from processors.storage.exclusive import Work
from processors.storage.readings.pulls import PullProgress
from processors.storage.readings.sink import Sink
from processors.storage.registry.current_catalogue import CurrentCatalogue

APPLICATION: Final = "pharos pull"
MEANS: Final = "services are not being asked for readings"
EVERY_SECONDS: Final = 10.0
PATIENCE_SECONDS: Final = 900.0  # a service may want to be left alone, and a back-fill has many questions
RETRY_FIRST, RETRY_LONGEST = 60.0, 3600.0  # seconds

ANSWERS = Counter("pharos_pull_questions", "Questions to services, by what became of them.", ["service", "outcome"])

log = structlog.get_logger(__name__)


def pulling(
    connection: Connection,
    settings: Settings,
    catalogue: Catalogue,
    binding: PulledBinding,
    wait: Callable[[float], bool],
) -> Pulling:
    """Return what asks the service of a binding and stores on ``connection``; its client is closed by the caller.

    Raises AccountError.
    """
    hub, name = binding.hub, binding.pull.account
    mine = account.load(settings.account_folder(), name, hub.secrets, hub.optional) if name else NOBODY
    newest = NewestReading(metrics.count_commit)
    sink = Sink(connection, catalogue, binding.source, settings.quarantine_quota())
    stream = Stream(sink, catalogue, limits=settings.limits(), observe=newest)
    client = Client(hub.url, mine, hub.pause, wait)
    return Pulling(binding, client, stream, newest, PullProgress(connection), now)


def now() -> int:
    """Return the time in microseconds."""
    return time.time_ns() // 1000


class PullRole:
    """Asks what is due; ``run`` goes on until asked to stop. ``notes`` says which services do not answer, and why."""

    def __init__(self, settings: Settings, causes: Unreadiness, stop: Stop) -> None:
        self._settings, self._causes, self._stop = settings, causes, stop
        self._tried: dict[Asked, int] = {}
        self._patience: dict[str, Backoff] = {}
        self._not_before: dict[str, int] = {}
        self._troubles: dict[str, str] = {}
        self.loop = Loop("asking services", MEANS, PATIENCE_SECONDS)

    def notes(self) -> Sequence[str]:
        """Return what does not answer, in sentences."""
        return [f"{place}: {why}" for place, why in sorted(self._troubles.items())]

    def run(self, connection: Connection) -> None:
        """Ask on ``connection`` until asked to stop."""
        if not wait_to_be_alone(connection, Work.QUESTIONS, self._causes, self._stop):
            return
        registered = CurrentCatalogue(connection)
        while not self._stop:
            catalogue = registered()
            bindings = pulled_bindings(catalogue.cities.values())
            self._forget({_place(binding) for binding in bindings})
            for binding in bindings:
                if due := self._due(connection, binding):
                    with self.loop.piece():
                        self._round(connection, catalogue, binding, due)
            self._stop.wait(EVERY_SECONDS)

    def _due(self, connection: Connection, binding: PulledBinding) -> list[tuple[Asked, Dataset]]:
        if self._stop or now() < self._not_before.get(_place(binding), 0):
            return []
        known, every, instant = PullProgress(connection)(), binding.every // MICROSECOND, now()

        def is_due(asked: Asked) -> bool:
            tried = self._tried.get(asked, 0)
            if (one := known.get(asked)) and not one.failure:
                tried = max(tried, one.asked_at)
            return instant >= tried + every

        return [(asked, dataset) for asked, dataset in binding.asked() if is_due(asked)]

    def _round(
        self, connection: Connection, catalogue: Catalogue, binding: PulledBinding, due: list[tuple[Asked, Dataset]]
    ) -> None:
        place = _place(binding)
        try:
            asking = pulling(connection, self._settings, catalogue, binding, self._stop.wait)
            with asking.client:
                for outcome in asking.go_on(due, asking.progress()):
                    self._note(outcome, binding)
        except StoppedError:
            return
        except StoreUnavailableError as error:
            raise psycopg.OperationalError(str(error)) from error
        except PullError as error:
            pause = self._patience.setdefault(place, Backoff(RETRY_FIRST, RETRY_LONGEST)).next()
            pause = max(pause, error.wait) if isinstance(error, ServiceAwayError) else pause
            self._not_before[place] = now() + round(pause * SECOND)
            self._troubles[place] = f"{error}; asked again in {pause:.0f} s"
            log.warning("service not asked to the end", binding=place, cause=str(error), again_in_seconds=round(pause))
            return
        self._patience.pop(place, None)
        self._troubles.pop(place, None)
        self._tried |= {asked: now() for asked, _ in due}

    def _note(self, outcome: QuestionOutcome, binding: PulledBinding) -> None:
        result = "failed" if outcome.failure else "answered"
        ANSWERS.labels(binding.hub.name, result).inc()
        if outcome.failure:
            log.warning("question not answered", **outcome.asked._asdict(), cause=outcome.failure)

    def _forget(self, places: set[str]) -> None:
        self._troubles = {place: why for place, why in self._troubles.items() if place in places}


def _place(binding: PulledBinding) -> str:
    return f"{binding.city}/{binding.name}"
