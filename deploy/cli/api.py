"""``pharos api``: the HTTP interface and the console of a running database."""

import asyncio
from collections.abc import Sequence
from contextlib import closing, suppress

import psycopg
import structlog
import typer
import uvicorn

from deploy import disk, internal, logging, server_certificates, settings
from deploy.causes import Unreadiness
from deploy.http_administration import administration
from deploy.observer import Look, Observer, TakenAway
from deploy.progress import Progress
from deploy.report import Report
from deploy.roles.latest_end import end_at_latest
from deploy.roles.watch import RoleWatch, Whereabouts
from deploy.status import Standing as RoleStanding
from deploy.status import sentences
from kpi_engine.api.app import create_app
from kpi_engine.api.connections import BoundedProtocol
from kpi_engine.api.progress_sentences import ProgressSentences
from processors.errors import SchemaError
from processors.storage import database
from processors.storage.database import Connection
from processors.storage.schema.migrate import require_current

ROLE = "api"
APPLICATION = "pharos api"
MEANS = "HTTP and the console cannot answer"
GRACE_SECONDS = 5
"""What a running request gets to end in when the process is told to."""
DATE_SECONDS = 1.0
"""For so long the date of the headers of answers stays."""

_log = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("api")(api)


class Server(uvicorn.Server):
    """Ends the event streams first when told to stop: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def handle_exit(self, sig: int, frame: object) -> None:
        """Begin to stop."""
        end_at_latest()
        self.config.app.state.live.stop()  # type: ignore[union-attr]  # the application is ours
        super().handle_exit(sig, frame)  # type: ignore[arg-type]  # the frame is passed on as it came
        if self._loop:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def main_loop(self) -> None:
        """Wait to be told to stop, and keep the date of the headers right. uvicorn would look ten times a second."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), DATE_SECONDS)


class Wire(BoundedProtocol):
    """A connection of this process, which knows its proxies."""


def api() -> None:
    """Serve the HTTP interface and the console until told to stop; configured by PHAROS_* variables.

    May run many times, on any number of machines: each answers everything, and knows nothing that the database does not
    know.

    Example: PHAROS_DATABASE_URL=postgresql://pharos@127.0.0.1:5432/pharos PHAROS_HTTP=127.0.0.1:8080 pharos api
    """
    logging.configure(ROLE)
    configured = settings.load()
    url = configured.database()
    _require_schema(url)
    disk.watch(configured.data)
    server_certificates.watch(configured)
    causes, locked, progress = Unreadiness(), TakenAway(""), Progress([])
    observer = Observer(url, [APPLICATION], progress, [locked.look, schema_of(causes)])
    causes.ask(observer.causes)
    causes.ask(locked.causes)
    listener = internal.serve(configured.internal, Report(MEANS, causes, progress))
    roles = RoleWatch(Whereabouts(configured.data))
    beside = administration(configured)
    host, port = configured.http
    _log.info("serving", address=str(configured.http))
    Wire.proxies = tuple(configured.trusted_proxies)
    Server(
        uvicorn.Config(
            create_app(
                url,
                max_body_bytes=configured.http_body_bytes,
                standing=lambda: _standing(roles()),
                administration=beside,
            ),
            host=host,
            port=port,
            http=Wire,
            ws="none",
            forwarded_allow_ips=[str(network) for network in configured.trusted_proxies],
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    ).run()
    if beside.intake:
        beside.intake.close()
    roles.close()
    listener.close()
    observer.close()


def _standing(roles: Sequence[RoleStanding]) -> ProgressSentences:
    return ProgressSentences(sentences(roles), [note for one in roles for note in one.notes])


def schema_of(causes: Unreadiness) -> Look:
    """Return a look that says so where the database is not of this version."""

    def at(connection: Connection) -> None:
        try:
            require_current(connection)
        except SchemaError as error:
            causes.set("schema", str(error))
        else:
            causes.clear("schema")

    return at


def _require_schema(url: str) -> None:
    """Raise SchemaError where the database can be asked and is not of this version; one that is away may come back."""
    with suppress(psycopg.OperationalError), closing(database.look(url, f"{APPLICATION} readiness")) as connection:
        require_current(connection)
