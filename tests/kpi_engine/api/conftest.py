"""Two towns in two zones behind a running server; readings take the way of live data, and the clock stands still."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any, Final

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from deploy.embedded.folder import DataFolder
from deploy.http_administration import administration
from deploy.settings import Settings
from ingest.model.city.city_file import parse
from ingest.model.observation import ObservationBatch, RawMessage, Refusal, Resolved
from ingest.model.time import MINUTE, from_micros, to_micros
from kpi_engine.api import tokens
from kpi_engine.api.administration import Administration
from kpi_engine.api.app import NOTHING_BESIDE, answer_from, create_app
from kpi_engine.api.clock import Clock, system_clock
from kpi_engine.api.connections import BoundedProtocol
from kpi_engine.engine.engine import Engine
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings.sink import Sink
from processors.storage.registry import registry
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.rollups.rollups import RollupStore
from tests.computed import compute, few_indicators
from tests.processors.stored_readings import drain
from tests.towns import device, fact, heat_meter, town

HARBOUR: Final = town(
    heat_meter("heat_energy", "return_temperature"),
    device("spare", "heat_meter", "heat_power", site="shed", every="PT15M"),
    role="lighthouse",
    sites={"house": {"facts": [fact("heated_area", 120, "m2", source="deed")]}},
)
ISLAND: Final = town(heat_meter(every="PT30M", site="hut"), name="island", zone="Australia/Lord_Howe", role="follower")
FEW: Final = ("heat_delivered", "heat_emissions", "city_final_energy")  # what tests of the interface ask for
NOWHERE: Final = "postgresql://nobody@127.0.0.1:1/nothing"
POLL_SECONDS: Final = 0.05
STARTED_WITHIN: Final = 120.0


def at(text: str) -> int:
    """Return an RFC 3339 time in microseconds."""
    return to_micros(datetime.fromisoformat(text))


def aggregates(client: httpx.Client, series: int, interval: str, start: str, end: str) -> list[dict[str, Any]]:
    """Return the buckets of a series over a range."""
    return listed(client, f"/series/{series}/aggregates", **{"interval": interval, "from": start, "to": end})


def listed(client: httpx.Client, path: str, **query: str) -> list[dict[str, Any]]:
    """Return the items of a list."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@dataclass(frozen=True)
class Server:
    """A running application, and where it answers."""

    app: FastAPI
    url: str

    @contextlib.contextmanager
    def answering_from(
        self, database_url: str, clock: Clock = system_clock, administration: Administration = NOTHING_BESIDE
    ) -> Iterator[None]:
        """Let it answer from a database, knowing nothing of the one before."""
        answer_from(self.app, database_url, clock, POLL_SECONDS, administration=administration)
        self.app.state.pool.open(wait=False)
        yield
        self.app.state.live.stop()
        self.app.state.pool.close()
        if administration.intake:
            administration.intake.close()


@dataclass
class Towns:
    """The database of both towns and the server on it; ``now`` is what the server takes for the present."""

    connection: Connection
    url: str = ""
    now: int = at("2026-04-10T12:00:00Z")
    folder: Path = Path()
    _issued: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.catalogue = registry.sync(self.connection, [parse(HARBOUR, "harbour"), parse(ISLAND, "island")])
        self.connection.commit()
        self._sink = Sink(self.connection, self.catalogue, "mqtt")

    def add(self, text: str) -> None:
        """Register another town; from now on readings and series are those of its devices."""
        self.catalogue = registry.sync(self.connection, [parse(text, "another")])
        self.connection.commit()
        self._sink = Sink(self.connection, self.catalogue, "mqtt")

    def series(self, city: str, device: str, quantity: str) -> int:
        """Return the id of a series."""
        return self.catalogue.devices[city, device].series[quantity].series_id

    def read(self, series: int, readings: dict[str, float], received_at: str | None = None) -> None:
        """Store readings of a series by their times."""
        times = np.array([at(time) for time in readings], np.int64)
        received = times if received_at is None else np.full(len(times), at(received_at))
        values, nothing = np.array(list(readings.values())), np.zeros(len(times), np.int64)
        batch = ObservationBatch(np.full(len(times), series), times, values, received, nothing, nothing)
        self._sink.write(Resolved(batch), [RawMessage("topic", b"{}", int(received[0]))])

    def count(self, series: int, start: str, hours: int, per_hour: float = 1.0, step_minutes: int = 60) -> None:
        """Store a register that counts evenly: ``hours`` + 1 hours of readings from ``start`` on."""
        steps = range(hours * 60 // step_minutes + 1)
        times = [from_micros(at(start) + step * step_minutes * MINUTE).isoformat() for step in steps]
        self.read(series, {time: step * per_hour * step_minutes / 60 for step, time in zip(steps, times, strict=True)})

    def refuse(self, reason: str, device: str | None, received_at: str, city: str | None = "harbour") -> None:
        """Put a message into quarantine."""
        refusal = Refusal(0, reason, "a sentence", 1, city, device)
        message = RawMessage(f"pharos/v1/harbour/{device}", f"secret {reason}".encode(), at(received_at))
        none = np.empty(0, np.int64)
        nothing = ObservationBatch(none, none, np.empty(0), none, none, none)
        self._sink.write(Resolved(nothing, [refusal]), [message])

    def settle(self) -> None:
        """Let rollups and figures catch up with the readings."""
        drain(RollupWorker(RollupStore(self.connection), CurrentCatalogue(self.connection)))
        self.connection.commit()
        with few_indicators(FEW):
            compute(Engine(self.connection), self.now)
        self.connection.commit()

    def token(self, role: str = "admin", cities: list[str] | None = None) -> str:
        """Issue a token."""
        self._issued.append(role)
        secret = tokens.create(self.connection, f"{role}-{len(self._issued)}", role, cities)
        self.connection.commit()
        return secret

    def client(self, role: str = "admin", cities: list[str] | None = None) -> httpx.Client:
        """Return a client with a token of its own."""
        return httpx.Client(
            base_url=f"{self.url}/api/v1",
            headers={"Authorization": f"Bearer {self.token(role, cities)}"},
            timeout=120,
        )


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a running server that tests give their databases in turn, since making one takes longer than a test."""
    app = create_app(NOWHERE)
    with serving(app) as url:
        app.state.pool.close()
        yield Server(app, url)


@contextlib.contextmanager
def towns_of(database_url: str, server: Server, administration: Administration = NOTHING_BESIDE) -> Iterator[Towns]:
    """Yield the two towns in a database, without readings, behind a running server."""
    with connect(database_url, "test") as connection:
        both = Towns(connection, server.url)
        with server.answering_from(database_url, lambda: both.now, administration):
            yield both


@pytest.fixture
def towns(database_url: str, server: Server) -> Iterator[Towns]:
    """Return towns of this test's own; a module whose tests only look has ``module_towns`` by this name."""
    with towns_of(database_url, server) as both:
        yield both


@pytest.fixture(scope="module")
def module_towns(module_database_url: str, server: Server) -> Iterator[Towns]:
    """Return towns that the tests of one module share."""
    with towns_of(module_database_url, server) as both:
        yield both


@pytest.fixture(scope="module")
def open_towns(module_database_url: str, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    """Return towns that may be administered over HTTP, with a data folder of their own; the tests of a module share."""
    with administered_towns(module_database_url, server, tmp_path_factory.mktemp("data")) as both:
        yield both


@contextlib.contextmanager
def administered_towns(database_url: str, server: Server, data: Path) -> Iterator[Towns]:
    """Yield the towns of a database behind a server by which they may be administered, with a folder for its data."""
    folder, url = DataFolder(data).root, SecretStr(database_url)
    with towns_of(
        database_url, server, administration(Settings(database_url=url, writer_url=url, data=folder))
    ) as both:
        both.folder = folder
        yield both


@contextlib.contextmanager
def serving(app: FastAPI, protocol: type[BoundedProtocol] = BoundedProtocol) -> Iterator[str]:
    """Run an application in a thread on a free port and return its URL."""
    config = uvicorn.Config(app, port=0, http=protocol, log_config=None, ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    deadline = monotonic() + STARTED_WITHIN
    while not server.started and monotonic() < deadline:
        sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    app.state.live.stop()
    server.should_exit = True
    thread.join(STARTED_WITHIN)


@pytest.fixture
def url_without_database(server: Server) -> Iterator[str]:
    """Return the URL of a server whose database is away."""
    with server.answering_from(NOWHERE):
        yield server.url


@pytest.fixture
def admin(towns: Towns) -> Iterator[httpx.Client]:
    """Return a client that may see everything."""
    with towns.client() as client:
        yield client


@pytest.fixture
def april(towns: Towns) -> Towns:
    """Return towns of which the harbour takes 1 kWh an hour from 1 March to the morning of 10 April."""
    towns.count(towns.series("harbour", "meter", "heat_energy"), "2026-02-28T23:00:00Z", 40 * 24 + 13)
    towns.settle()
    return towns
