"""The deployment of docker-compose.yml as processes of this machine: real servers, and exactly each service's settings.

A container's paths and host names are replaced by this machine's, and nothing else: what a service is not told in
docker-compose.yml, it does not know here either.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from deploy.embedded import ports, process
from deploy.embedded.identity import AS_STARTED, unprivileged
from deploy.embedded.mosquitto import program
from deploy.embedded.postgres import Postgres
from deploy.errors import BrokerError
from deploy.production.deployment import Deployment
from deploy.settings import Address
from tests import native_timescale
from tests.compose_file import COMPOSE, ROOT, SERVICES
from tests.stores import NATIVE_URL
from tests.tls_front import TlsFront

PATIENCE_SECONDS = 120.0
DATABASE = "pharos"
JVM = "-Xmx400m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
JAVA = {
    "kafka-storage.sh": "kafka.tools.StorageTool",
    "kafka-server-start.sh": "kafka.Kafka",
    "kafka-configs.sh": "kafka.admin.ConfigCommand",
    "kafka-acls.sh": "org.apache.kafka.tools.AclCommand",
}


@dataclass
class Composition:
    """The deployment, its servers, and the services that were started."""

    root: Path
    deployment: Deployment
    jars: Path | None
    postgres: Postgres
    places: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    front: TlsFront | None = None
    # One for all that is asked again and again: each new one reads every authority there is.
    http: httpx.Client = field(default_factory=partial(httpx.Client, trust_env=False, timeout=PATIENCE_SECONDS))

    # Servers ----------------------------------------------------------------------------------------------------------

    def start_mosquitto(self, queue_mib: int = 384) -> None:
        """Start Mosquitto by the container's own script and configuration, for a queue of so many MiB."""
        unprivileged().take_over(self.deployment.root)
        state = self.root / "mosquitto"
        state.mkdir(exist_ok=True)
        devices, services = self._port("mosquitto:8883", "localhost"), self._port("mosquitto:8884", "localhost")
        text = self._local("mosquitto", (ROOT / "deploy" / "mosquitto" / "mosquitto.conf").read_text())
        text = text.replace("listener 8883", f"listener {devices} 127.0.0.1").replace("/mosquitto/data/", f"{state}/")
        text = text.replace("listener 8884", f"listener {services} 127.0.0.1")
        accounts = str(self.deployment.root / "mqtt")
        (state / "mosquitto.conf").write_text(text.replace("/mosquitto/accounts", accounts))
        unprivileged().take_over(state)
        environment = {
            "PATH": f"{os.environ['PATH']}:{program().parent}",
            "PHAROS_MQTT_QUEUE_MIB": str(queue_mib),
        }
        script = ROOT / "deploy" / "mosquitto" / "start.sh"
        command = ["/bin/sh", script, state / "mosquitto.conf", accounts]
        self._spawn("mosquitto", command, environment, as_server=True)

    def mosquitto_is_healthy(self) -> bool:
        """Run the container's own health check."""
        script = (ROOT / "deploy" / "mosquitto" / "healthy.sh").read_text()
        environment = {"PATH": os.environ["PATH"], "PORT": self.places["mosquitto:8884"].rpartition(":")[2]}
        command = ["/bin/sh", "-c", self._local("mosquitto", script)]
        return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0

    def start_kafka(self) -> None:
        """Start Kafka by the container's own script and configuration."""
        state = self.root / "kafka"
        (state / "bin").mkdir(parents=True, exist_ok=True)
        for name, main in JAVA.items():
            (state / "bin" / name).write_text(f'#!/bin/sh\nexec java {JVM} -cp "{self.jars}/*" {main} "$@"\n')
            (state / "bin" / name).chmod(0o755)
        clients = self._port("kafka:9093", "localhost")
        local, controller = self._port("kafka:9092"), self._port("kafka:9094")
        text = self._local("kafka", (ROOT / "deploy" / "kafka" / "server.properties").read_text())
        for old, new in (
            ("CLIENTS://:9093", f"CLIENTS://127.0.0.1:{clients}"),
            ("CLIENTS://kafka:9093", f"CLIENTS://localhost:{clients}"),
            ("127.0.0.1:9092", f"127.0.0.1:{local}"),
            ("127.0.0.1:9094", f"127.0.0.1:{controller}"),
            ("/var/lib/kafka/data", str(state)),
        ):
            text = text.replace(old, new)
        (state / "server.properties").write_text(text + "offsets.topic.num.partitions=1\n")
        command = ["/bin/sh", ROOT / "deploy" / "kafka" / "start.sh", state / "server.properties"]
        environment = {"KAFKA_CLUSTER_ID": SERVICES["kafka"]["environment"]["KAFKA_CLUSTER_ID"]}
        self._spawn("kafka", command, self._java_environment() | environment)

    def give_kafka_rights(self) -> None:
        """Run the script of kafka-rights until it succeeds, as its restart policy does."""
        local = Address("127.0.0.1", self._port("kafka:9092"))
        self.until(lambda: ports.answers(local), expected=True)
        command = ["/bin/sh", str(ROOT / "deploy" / "kafka" / "rights.sh"), str(local)]
        environment = self._java_environment() | {"SECRETS": str(self.deployment.root / "secrets")}
        self.until(lambda: subprocess.run(command, env=environment, capture_output=True, check=False).returncode, 0)

    def start_database(self) -> None:
        """Start PostgreSQL with the superuser's password where the services look for it."""
        self.postgres.start()
        self.postgres.create_database(DATABASE)
        parts = urlsplit(self.postgres.url(DATABASE))
        self.deployment.secret("database-superuser").write_text(parts.password or "")
        place = f"localhost:{self._port('database:5432', 'localhost')}"
        self.places = {"postgres@database:5432": f"{parts.username}@{place}"} | self.places
        if self.front is None:
            certificate = self.deployment.root / "tls" / "database.crt"
            self.front = TlsFront(self._port("database:5432"), certificate, certificate.with_suffix(".key"))
        self.front.behind = self.postgres.port

    def stop_database(self) -> None:
        """Stop PostgreSQL; a later start is at the same address."""
        self.postgres.stop()

    # Services ---------------------------------------------------------------------------------------------------------

    def run(self, service: str, *arguments: str, **settings: str) -> str:
        """Run a service to its end, as ``docker compose run`` would; returns what it printed."""
        command = [*self._pharos(), *(arguments or self._command(service))]
        environment = self.environment(service) | settings
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=self.root)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def start(self, service: str, replica: int = 1, **settings: str) -> str:
        """Start a replica of a service; returns its name, by which it is known here."""
        name = f"{service}-{replica}"
        command = [*self._pharos(), *self._command(service)]
        self._spawn(name, command, self.environment(service, name) | settings)
        return name

    def stop(self, name: str) -> None:
        """End it as a container is ended."""
        self.running[name].terminate()
        assert self.running[name].wait(PATIENCE_SECONDS) in {0, 143}, self.log(name)

    def environment(self, service: str, name: str | None = None) -> dict[str, str]:
        """Return exactly the environment of a service, in this machine's paths and addresses."""
        told = SERVICES[service].get("environment", {})
        local = {
            key: self._local(service, str("" if value is None else value), name or service)
            for key, value in told.items()
        }
        return {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"} | local

    def causes(self, name: str) -> dict[str, str]:
        """Return why a replica is not ready."""
        try:
            ready = self.http.get(f"http://{self.places[f'{name} 9100']}/ready", headers={"Connection": "close"})
            causes: dict[str, str] = ready.json()["causes"]
        except httpx.TransportError:
            return {"listener": "does not answer"}
        return causes

    def until_ready(self, *names: str) -> None:
        """Wait until every one is ready."""
        for name in names:
            self.until(partial(self.causes, name), {}, alive=name)

    def until(self, read: Callable[[], Any], expected: object, alive: str | None = None) -> None:
        """Wait until a function, called again and again, returns what is expected; no longer than ``alive`` runs."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (found := read()) != expected:
            assert alive is None or self.running[alive].poll() is None, self.log(alive or "")
            assert time.monotonic() < deadline, f"found {found}, expected {expected}\n{self._last_words()}"
            time.sleep(0.2)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, asked as superuser."""
        with psycopg.connect(self.postgres.url(DATABASE)) as connection:
            return connection.execute(query.encode()).fetchall()

    def log(self, name: str) -> str:
        """Return what a service wrote."""
        return (self.root / f"{name}.log").read_text()

    def end(self) -> None:
        """End everything that runs."""
        self.http.close()
        for started in self.running.values():
            started.terminate()
        for started in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                started.wait(30)
            started.kill()
            started.wait()
        self.postgres.stop()
        if self.front:
            self.front.close()

    def _local(self, service: str, text: str, name: str = "") -> str:
        for secret in SERVICES[service].get("secrets", []):
            file = COMPOSE["secrets"][secret]["file"].replace("./production", str(self.deployment.root))
            text = text.replace(f"/run/secrets/{secret}", file)
        text = text.replace("/run/secrets", str(self.deployment.root / "secrets"))
        text = text.replace("/var/lib/pharos", str(self.root / name)).replace("/deployment", str(self.deployment.root))
        for place, here in self.places.items():
            text = text.replace(place, here)
        for port in ("9100", "8080"):
            if f"0.0.0.0:{port}" in text:
                self.places[f"{name} {port}"] = f"127.0.0.1:{ports.choose()}"
                text = text.replace(f"0.0.0.0:{port}", self.places[f"{name} {port}"])
        return text

    def _command(self, service: str) -> list[str]:
        return [self._local(service, word) for word in SERVICES[service]["command"]]

    def _port(self, place: str, host: str = "127.0.0.1") -> int:
        self.places.setdefault(place, f"{host}:{ports.choose()}")
        return int(self.places[place].rpartition(":")[2])

    def _java_environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "JAVA_HOME") if name in os.environ}
        return kept | {"KAFKA_BIN": str(self.root / "kafka" / "bin")}

    def _pharos(self) -> list[str]:
        of_this_tree = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from deploy.cli import main; main()"
        return [sys.executable, "-c", of_this_tree]

    def _spawn(self, name: str, command: list[Any], environment: Mapping[str, str], *, as_server: bool = False) -> None:
        identity = unprivileged() if as_server else AS_STARTED
        log = self.root / f"{name}.log"
        started = process.Program(command, log, identity, directory=self.root, environment=environment)
        self.running[name] = process.spawn(started)

    def _last_words(self) -> str:
        return "\n".join(f"{name}: {self.log(name)[-2000:]}" for name in self.running)


@contextmanager
def composition(root: Path, jars: Path | None) -> Iterator[Composition]:
    """Yield a deployment in ``root`` with nothing running; everything is ended on leaving. Skips without Mosquitto."""
    try:
        program()
    except BrokerError as absent:
        pytest.skip(str(absent))
    if shutil.which("mosquitto_sub") is None:
        pytest.skip("mosquitto_sub is not installed (apt-get install mosquitto-clients)")
    root.mkdir(mode=0o711)
    deployment = Deployment(root / "production", lambda _: None)
    deployment.prepare(["mqtt.example.org"], datetime.now(UTC))
    with _database_server(root / "postgres") as server:
        made = Composition(root, deployment, jars, server)
        try:
            yield made
        finally:
            made.end()


def _database_server(home: Path) -> AbstractContextManager[Postgres]:
    """Return TimescaleDB, as in docker-compose.yml, where PHAROS_TEST_TIMESCALE_URL names one; else PostgreSQL."""
    return native_timescale.server(home, NATIVE_URL) if NATIVE_URL else nullcontext(Postgres(home))
