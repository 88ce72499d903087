"""The console in headless Chromium, before a server of its own and a simulated district of some weeks."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from deploy.embedded import ports
from deploy.settings import Settings
from ingest.model.city import city_file
from ingest.model.city.assets import City
from ingest.model.city.device import Device
from ingest.model.declarations import yaml_document
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.observation import IntColumn, ObservationBatch, RawMessage, Refusal, Resolved
from ingest.model.time import DAY, HOUR, MINUTE, to_micros
from ingest.reasons import Reason
from kpi_engine.alarms.watcher import Watcher
from kpi_engine.api import tokens
from kpi_engine.engine.engine import Engine
from kpi_engine.factors import registry as factors
from kpi_engine.factors.files import shipped
from kpi_engine.indicators import INDICATORS
from processors.intake.retaking import retake, streams
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings import replay_requests
from processors.storage.readings.sink import Sink
from processors.storage.registry import registry
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.rollups.rollups import RollupStore
from simulators.fleet import fleet
from tests.computed import compute, few_indicators
from tests.front import Front

ROOT: Final = Path(__file__).parents[3]
PHAROS: Final = Path(sys.executable).with_name("pharos")
STEP: Final = 15 * MINUTE
EXPECTED: Final = HOUR  # devices are live for the two hours after setting up that the tests may take
STOPPED: Final = 4 * HOUR
ARCHIVE: Final = "archive"
STALE_DEVICE: Final = "weather"
RETURNING_DEVICE: Final = "meter-house-08"  # as stale, until a test lets it send again
SILENT_DEVICE: Final = "plant"  # whose hourly factor is then missing, and with it one figure
LOOKED_AT: Final = ("heat_delivered", "heat_emissions", "heat_emissions_hourly", "city_final_energy", "city_emissions")
ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_SECONDS: Final = 120.0  # of whatever the page or its server does: a busy machine takes ten times as long


@dataclass
class Console:
    """A running server, a token for it, and the district behind it."""

    url: str
    token: str
    district: "District"
    database_url: str


class District:
    """The simulated district; ``history`` days end now, but two devices stopped hours ago and one never sent."""

    def __init__(self, connection: Connection, history: int) -> None:
        self._connection = connection
        self._city = _patient(city_file.load(ROOT / "deploy" / "cities" / "demo.yaml"))
        self._catalogue = registry.sync(connection, [self._city, _archive(self._city)])
        factors.sync(connection, shipped())
        connection.commit()
        self._sink = Sink(connection, self._catalogue, "mqtt")
        self._devices = {device.name: device for device in fleet(self._city, seed=1)}
        self._stale = {STALE_DEVICE, RETURNING_DEVICE}
        now = _now()
        grid = np.arange(now - history * DAY, now, STEP) // STEP * STEP
        for name in self._devices:
            if name != SILENT_DEVICE:
                self.send(name, grid[grid < now - STOPPED] if name in self._stale else grid)
        self.settle()

    @property
    def live(self) -> int:
        """How many devices are live."""
        return len(self._devices.keys() - self._stale - {SILENT_DEVICE})

    def send(self, name: str, times: IntColumn) -> None:
        """Store what a device says at ``times``."""
        device = self._devices[name]
        entry = self._catalogue.devices[self._city.name, device.address]
        readings = device.read(times)
        series = [entry.series[quantity] for quantity in readings]
        every, nothing = np.tile(times, len(series)), np.zeros(len(series) * len(times), np.int64)
        batch = ObservationBatch(
            series_id=np.repeat([one.series_id for one in series], len(times)),
            time=every,
            value=np.concatenate(
                [one.conversion.scale * readings[one.quantity] + one.conversion.offset for one in series]
            ),
            received_at=every,
            quality=nothing,
            message=nothing,
        )
        self._sink.write(Resolved(batch), [RawMessage("topic", b"{}", int(times[-1]))])

    def send_now(self, name: str) -> None:
        """Let a device say what it measures now."""
        self.send(name, np.array([_now()]))
        self._stale.discard(name)
        self.settle()

    def refuse(self, name: str, payload: bytes, reason: Reason, detail: str) -> None:
        """Keep in quarantine what a device sent, as if it had been refused while the city file was wrong."""
        message = RawMessage(f"pharos/v1/{self._city.name}/{name}/telemetry", payload, _now())
        refusal = Refusal(0, reason, detail, 1, self._city.name, name)
        self._sink.write(Resolved(ObservationBatch.empty(), [refusal]), [message])

    @contextmanager
    def declared(self, lines: str) -> Iterator[None]:
        """Register the city with more devices, as ``lines`` for its file have them, until the block ends."""
        more = [Device.model_validate(one) for one in yaml_document.read(lines).value["devices"]]  # type: ignore[index]  # lines are lists of objects
        self._register(self._city.model_copy(update={"devices": (*self._city.devices, *more)}))
        yield
        self._register(self._city)

    @contextmanager
    def renamed(self, site: str, title: str) -> Iterator[None]:
        """Register the city with another title of a site until the block ends."""
        sites = (one.model_copy(update={"title": title}) if one.name == site else one for one in self._city.sites)
        self._register(self._city.model_copy(update={"sites": tuple(sites)}))
        yield
        self._register(self._city)

    def _register(self, city: City) -> None:
        registry.sync(self._connection, [city])
        self._connection.commit()

    def take_once_more(self, url: str, folder: Path) -> None:
        """Do what somebody asked for, as ingest does beside storing."""
        settings = Settings(database_url=url, data=folder)  # type: ignore[arg-type]  # pydantic makes a secret of it
        deadline = monotonic() + PATIENCE_SECONDS
        while (asked := replay_requests.begin(self._connection)) is None and monotonic() < deadline:
            self._connection.commit()
            sleep(0.1)
        assert asked
        self._connection.commit()
        kept = settings.quarantine_quota(), settings.pseudonyms()
        with streams(url, "test", *kept, settings.limits()) as stream_of:
            for part in retake(self._connection, asked.wanted, stream_of, asked.through):
                replay_requests.note(self._connection, asked.replay_id, part.messages, part.unchanged, part.readings)
        replay_requests.finish(self._connection, asked.replay_id, None)
        self._connection.commit()

    def watch(self) -> None:
        """Look for alarms until those of devices that are silent are raised."""
        watcher, now = Watcher(self._connection), _now()
        for minutes in range(7):
            watcher.step(now + minutes * MINUTE)

    def settle(self) -> None:
        """Let rollups and figures catch up."""
        worker = RollupWorker(RollupStore(self._connection), CurrentCatalogue(self._connection))
        while worker.cycle().spans:
            pass
        self._connection.commit()
        with few_indicators(INDICATORS if _for_pictures() else LOOKED_AT):
            compute(Engine(self._connection), _now())
        self._connection.commit()


def _patient(city: City) -> City:
    """Return the city with devices of which little is expected, so that states do not depend on the test's speed."""
    slow = {"expected_interval": ExpectedInterval(elapsed=EXPECTED)}
    return city.model_copy(update={"devices": tuple(device.model_copy(update=slow) for device in city.devices)})


def _archive(city: City) -> City:
    """Return a city, first in the alphabet, from which nothing has come and whose file names no factor series."""
    return city.model_copy(update={"name": ARCHIVE, "title": "Archive", "factor_series": {}})


def _now() -> int:
    return to_micros(datetime.now(UTC))


def _for_pictures() -> bool:
    return bool(os.environ.get("PHAROS_CONSOLE_IMAGES"))


def history_days() -> int:
    """Return how much history to simulate: a year for pictures, else some weeks."""
    return 400 if _for_pictures() else 24


@pytest.fixture(scope="module")
def console(module_database_url: str) -> Iterator[Console]:
    """Return the console of a district, served by ``pharos api``."""
    with connect(module_database_url, "test") as connection:
        district = District(connection, history_days())
        token = tokens.create(connection, "control-room", "operator", None)
        connection.commit()
        with _served(module_database_url) as address:
            yield Console(address, token, district, module_database_url)


@pytest.fixture
def line(console: Console) -> Iterator[Front]:
    """Return a line to the server that can be cut: nobody answers at its address then, as when the server is gone."""
    port = urlsplit(console.url).port
    assert port
    front = Front(ports.choose(), port)
    yield front
    front.close()


@contextmanager
def _served(database_url: str) -> Iterator[str]:
    address = f"127.0.0.1:{ports.choose()}"
    environment = os.environ | {"PHAROS_DATABASE_URL": database_url, "PHAROS_HTTP": address}
    process = subprocess.Popen([PHAROS, "api"], env=environment)
    try:
        _wait_for(f"http://{address}/health")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _wait_for(url: str) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    with httpx.Client(trust_env=False, timeout=PATIENCE_SECONDS) as client:
        while monotonic() < deadline:
            try:
                client.get(url)
            except httpx.TransportError:
                sleep(0.1)
            else:
                return
    pytest.fail(f"{url} did not answer")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return headless Chromium; skip where none is installed."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium is installed here, so the console was not looked at")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_SECONDS * 1000)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=PATIENCE_SECONDS * 1000)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A page before the console, and all it said and asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def listen(self) -> None:
        """Note every complaint of the page and every host it asks."""
        self.page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in {"error", "warning"} else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def log_in(self, console: Console) -> None:
        """Log in and wait until the overview is there."""
        self.page.goto(console.url)
        self.page.get_by_label("Access token").fill(console.token)
        self.page.get_by_role("button", name="Log in").click()
        self.page.locator("#states a").first.wait_for()
        self.page.locator("#tiles a.tile").first.wait_for()

    def turn_to(self, page: str) -> None:
        """Follow a link of the navigation, and wait for what it leads to."""
        self.page.get_by_role("navigation").get_by_role("link", name=page).click()
        self.page.get_by_role("heading", name=page, level=1).wait_for()


@contextmanager
def visiting(browser: Browser, size: ViewportSize, scheme: str = "light") -> Iterator[Visitor]:
    """Open a page with nothing remembered."""
    context = browser.new_context(viewport=size, color_scheme="dark" if scheme == "dark" else "light")
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    visitor = Visitor(context.new_page())
    visitor.listen()
    yield visitor
    context.close()


LAPTOP: Final = ViewportSize(width=1280, height=960)
PHONE: Final = ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
def looking_laptop(chromium: Browser, console: Console) -> Iterator[Visitor]:
    """Return a visitor with a laptop who has logged in, for tests that only look and leave the page as it is."""
    with visiting(chromium, LAPTOP) as found:
        found.log_in(console)
        yield found


@pytest.fixture(scope="module")
def looking_phone(chromium: Browser, console: Console) -> Iterator[Visitor]:
    """Return another with a phone."""
    with visiting(chromium, PHONE) as found:
        found.log_in(console)
        yield found


@pytest.fixture(params=["laptop", "phone"])
def looker(request: pytest.FixtureRequest) -> Visitor:
    """Return a visitor with a laptop, and one with a phone, as above."""
    found: Visitor = request.getfixturevalue(f"looking_{request.param}")
    return found


@pytest.fixture
def laptop(chromium: Browser) -> Iterator[Visitor]:
    """Return a visitor with a laptop."""
    with visiting(chromium, LAPTOP) as found:
        yield found


TALL: Final = ViewportSize(width=1280, height=1130)
PICTURES: Final = [("console", TALL, "light"), ("console-dark", TALL, "dark"), ("console-phone", PHONE, "light")]


@pytest.fixture(params=PICTURES, ids=[name for name, *_ in PICTURES])
def pictured(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[str, Visitor]]:
    """Return the name of a picture and a visitor to take it."""
    name, size, scheme = request.param
    with visiting(chromium, size, scheme) as found:
        yield name, found
