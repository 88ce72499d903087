"""``pharos api``: the HTTP interface and the console of a running database."""

import psycopg
import structlog
import typer
import uvicorn

from deploy import internal, logging, settings
from kpi_engine.api.app import create_app
from kpi_engine.api.connections import BoundedProtocol
from processors.errors import SchemaError
from processors.storage import database
from processors.storage.migrate import require_current

ROLE = "api"
GRACE_SECONDS = 5
"""What a running request gets to end in when the process is told to."""

_log = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("api")(api)


class Server(uvicorn.Server):
    """Ends the event streams first when told to stop: they would never end by themselves."""

    def handle_exit(self, sig: int, frame: object) -> None:
        """Begin to stop."""
        self.config.app.state.live.stop()  # type: ignore[union-attr]  # the application is ours
        super().handle_exit(sig, frame)  # type: ignore[arg-type]  # the frame is passed on as it came


class Connection(BoundedProtocol):
    """A connection of this process, which knows its proxies."""


def api() -> None:
    """Serve the HTTP interface and the console until told to stop; configured by PHAROS_* variables.

    Example: PHAROS_DATABASE_URL=postgresql://pharos@127.0.0.1:5432/pharos PHAROS_HTTP=127.0.0.1:8080 pharos api
    """
    logging.configure(ROLE)
    configured = settings.load()
    url = configured.database()
    if unmigrated := _causes(url).get("schema"):
        raise SchemaError(unmigrated)
    listener = internal.serve(configured.internal, lambda: _causes(url))
    host, port = configured.http
    _log.info("serving", address=str(configured.http))
    Connection.proxies = tuple(configured.trusted_proxies)
    Server(
        uvicorn.Config(
            create_app(url, max_body_bytes=configured.http_body_bytes),
            host=host,
            port=port,
            http=Connection,
            ws="none",
            forwarded_allow_ips=[str(network) for network in configured.trusted_proxies],
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    ).run()
    listener.close()


def _causes(url: str) -> dict[str, str]:
    """Return why a request could not be answered now."""
    try:
        with database.connect(url, "pharos api readiness") as connection:
            require_current(connection)
    except psycopg.OperationalError as error:
        return {"database": " ".join(str(error).split())}
    except SchemaError as error:
        return {"schema": str(error)}
    return {}
