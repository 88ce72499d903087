"""Apache Kafka itself for tests: one node in KRaft mode, from Maven Central's jars."""

import asyncio
import base64
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.embedded import ports
from ingest import bus
from ingest.sources.kafka.cluster import Cluster
from tests import downloads
from tests.open_folders import open_folder

VERSION = "4.3.1"
POM = f"""
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>pharos</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>{VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""
PATIENCE_SECONDS = 180.0
HEAP = "-Xmx512m"


@pytest.fixture(scope="session")
def kafka_jars() -> Path:
    """Return the folder of Kafka's jars; skip where neither they nor the means to get them are here."""
    for program in ("java", "mvn"):
        if not shutil.which(program):
            pytest.skip(f"Apache Kafka needs {program}, which is not installed")
    return downloads.kept(f"kafka-{VERSION}-with-tools", _fetch) / "jars"


def _fetch(folder: Path) -> str:
    """Fetch the jars into ``folder``; returns why that failed."""
    (folder / "pom.xml").write_text(POM)
    command = ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return f"Maven Central did not give Kafka's jars: {result.stdout[-500:]}" if result.returncode else ""


class Kafka:
    """A broker that is its own controller."""

    def __init__(self, jars: Path, folder: Path) -> None:
        self._jars = jars
        self._folder = folder
        self._port, self._controller = ports.several(2)
        self.bootstrap = f"127.0.0.1:{self._port}"
        self.cluster = Cluster(self.bootstrap)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, with what it held when it was stopped."""
        configuration = self._folder / "server.properties"
        if not configuration.exists():
            self._folder.mkdir(parents=True)
            configuration.write_text(self._configuration())
            # an id that begins with "-" is taken for an option
            cluster = base64.urlsafe_b64encode(b"p" + uuid4().bytes[1:]).decode().rstrip("=")
            command = self._java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(configuration))
            subprocess.run(command, check=True, capture_output=True)
        with (self._folder / "log").open("ab") as log:
            command = self._java("kafka.Kafka", str(configuration))
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._await()

    def stop(self) -> None:
        """Stop it cleanly."""
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def kill(self) -> None:
        """End it as a power cut of the process would."""
        assert self._process
        self._process.kill()
        self._process.wait()
        self._process = None

    def _java(self, *arguments: str) -> list[str]:
        return ["java", HEAP, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{self._jars}/*", *arguments]

    def _await(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            assert self._process
            assert self._process.poll() is None, (self._folder / "log").read_text()
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return
            assert time.monotonic() < until, "Kafka does not listen"
            time.sleep(0.1)

    def _configuration(self) -> str:
        return f"""
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{self._controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{self._port},CONTROLLER://127.0.0.1:{self._controller}
log.dirs={self._folder}/data
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
num.network.threads=1
num.io.threads=2
"""


@pytest.fixture(scope="session")
def _kafka(kafka_jars: Path) -> Iterator[Kafka]:
    with open_folder() as folder:
        server = Kafka(kafka_jars, folder / "node")
        server.start()
        yield server
        server.stop()


@pytest.fixture
def kafka(_kafka: Kafka) -> Kafka:
    """Return a running Kafka without any of our topics."""
    asyncio.run(_delete_topics(_kafka.bootstrap))
    return _kafka


async def _delete_topics(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    until = time.monotonic() + PATIENCE_SECONDS
    try:
        while True:
            try:
                await admin.start()
                break
            except KafkaError:  # it listens before it answers
                assert time.monotonic() < until
                await asyncio.sleep(0.2)
        while ours := [name for name in await admin.list_topics() if name in {*bus.TOPICS, bus.FIGURES.name}]:
            assert time.monotonic() < until
            await admin.delete_topics(ours)
            await asyncio.sleep(0.1)
    finally:
        await admin.close()
