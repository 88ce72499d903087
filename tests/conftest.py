"""Fixtures for tests that need a database, a broker or the public sample data; everything on loopback."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from deploy.embedded import accounts, nats_config, ports
from deploy.embedded.accounts import Account, Verifier
from deploy.embedded.broker import accepts
from deploy.embedded.nats import Nats
from deploy.embedded.postgres import Postgres
from deploy.settings import Address
from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from tests import open_folders
from tests.stores import POSTGRESQL, Stores, running

pytest_plugins = ["tests.processes", "tests.distribution", "tests.isolation", "tests.garbage"]
ROOT = Path(__file__).parents[1]

accounts.BCRYPT_COST = 4  # the least there is: nobody guesses, and hundreds of secrets are issued and checked
settings.register_profile("pharos", deadline=None, max_examples=50)  # a busy machine is no failure; others each run
settings.register_profile("unit", settings.get_profile("pharos"), max_examples=5)  # of make unit
settings.load_profile("pharos")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark of tests that cannot run where there is one backend; begin with what killed runs left."""
    config.addinivalue_line("markers", "concurrent: needs a store that serves several sessions at once")
    open_folders.remove_left()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder of this test's own for the data of servers, that any account may enter, unlike pytest's own."""
    with open_folders.open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def module_open_folder() -> Iterator[Path]:
    """Return such a folder that the tests of one module share."""
    with open_folders.open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def stores() -> Iterator[Stores]:
    """Return the stores that tests can have databases in."""
    with open_folders.open_folder() as folder, running(folder) as found:
        yield found


@pytest.fixture
def own_postgres(open_folder: Path) -> Iterator[Postgres]:
    """Return a running PostgreSQL server of this test's own, which it may stop and start."""
    server = Postgres(open_folder / "postgres")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_url(stores: Stores) -> str:
    """Return the URL of a PostgreSQL server: PHAROS_TEST_POSTGRES_URL, else one started for this session."""
    return stores[POSTGRESQL].url


@pytest.fixture
def store() -> str:
    """Return the store that the test's databases are in; folders and modules that speak of another override it."""
    return POSTGRESQL


@pytest.fixture
def database_url(stores: Stores, store: str) -> Iterator[str]:
    """Return the URL of an empty database of the current schema, this test's own."""
    with stores[store].database(is_migrated=True) as url:
        yield url


@pytest.fixture
def another_database_url(stores: Stores, store: str) -> Iterator[str]:
    """Return the URL of a second one, to compare with."""
    with stores[store].database(is_migrated=True) as url:
        yield url


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """Return a session on such a database; what a test looks at leaves no transaction open."""
    with connect(database_url, "test") as session:
        session.autocommit = True
        yield session


@pytest.fixture
def catalogue(request: pytest.FixtureRequest, connection: Connection) -> Catalogue:
    """Return the catalogue of the module's CITY, which is registered there."""
    return sync(connection, [parse(request.module.CITY, "city.yaml")])


@pytest.fixture(scope="module")
def module_database_url(stores: Stores) -> Iterator[str]:
    """Return the URL of an empty database of the current schema that the tests of one module share."""
    with stores[POSTGRESQL].database(is_migrated=True) as url:
        yield url


@pytest.fixture
def empty_database_url(stores: Stores, store: str) -> Iterator[str]:
    """Return the URL of a database without any schema, this test's own."""
    with stores[store].database(is_migrated=False) as url:
        yield url


@dataclass(frozen=True)
class RunningBroker:
    """A NATS server that speaks MQTT, with accounts of ingest, announcer, simulator and the devices asked for."""

    server: Nats
    secrets: dict[str, str]
    accounts: dict[str, Account]

    @property
    def url(self) -> str:
        """The URL that ingest uses."""
        return self._url_of(accounts.INGEST)

    @property
    def announcer_url(self) -> str:
        """The URL of who answers devices."""
        return self._url_of(accounts.ANNOUNCER)

    @property
    def simulator_url(self) -> str:
        """The URL of somebody who may publish for every device."""
        return self._url_of(accounts.SIMULATOR)

    def device_url(self, city: str, device: str) -> str:
        """Return the URL of a device, which is let in from now on."""
        user = accounts.device_user(city, device)
        if user not in self.accounts:
            self.admit(user, partial(accounts.device, city, device))
        return self._url_of(user)

    def admit(self, user: str, account: Callable[[Verifier], Account]) -> None:
        """Let ``user`` in, with the rights of ``account``; return when the server knows."""
        self.secrets[user] = accounts.new_secret()
        self.accounts[user] = account(Verifier.of(self.secrets[user]))
        self.server.admit(list(self.accounts.values()))
        while self.server.pid and not accepts(self.server.address, user, self.secrets[user]):
            time.sleep(0.01)

    def _url_of(self, user: str) -> str:
        return f"mqtt://{user}:{self.secrets[user]}@{self.server.address}"


@pytest.fixture
def configure_broker(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Return what gives the broker of this test another setting, instead of one of the configuration's."""

    def configure(ours: str, another: str) -> None:
        assert ours in nats_config.TEMPLATE
        monkeypatch.setattr(nats_config, "TEMPLATE", nats_config.TEMPLATE.replace(ours, another))

    return configure


@pytest.fixture
def early_redelivery(configure_broker: Callable[[str, str], None]) -> None:
    """Let a broker deliver again what was not acknowledged within 1 s, instead of 30; named before the broker."""
    configure_broker('ack_wait: "30s"', 'ack_wait: "1s"')


@pytest.fixture
def broker(open_folder: Path) -> Iterator[RunningBroker]:
    """Start an MQTT broker of this test's own, empty."""
    server = Nats(open_folder / "broker" / "nats", Address("127.0.0.1", ports.choose()))
    running = RunningBroker(server, {}, {})
    running.admit(accounts.INGEST, accounts.ingest)
    running.admit(accounts.ANNOUNCER, accounts.announcer)
    running.admit(accounts.SIMULATOR, accounts.simulator)
    server.start()
    yield running
    server.stop()


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """Return the folder of the public sample data (PHAROS_REFERENCE_DATA); skip where it is absent."""
    folder = Path(os.environ.get("PHAROS_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the public sample data are not at {folder}; set PHAROS_REFERENCE_DATA to their folder")
    return folder
