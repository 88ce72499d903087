"""What a start of the embedded stack needs, checked one by one without starting anything."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from deploy import city_files
from deploy.embedded import cluster, identity, mosquitto, nats, ports, server_programs
from deploy.embedded.folder import is_data_folder
from deploy.embedded.wishes import BrokerKind, Wishes
from deploy.errors import DeployError
from ingest.errors import IngestError

NEEDED_FREE_BYTES = 2 * 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is as a start needs it, and what was found."""

    subject: str
    good: bool
    found: str


def examine(data: Path, wishes: Wishes) -> Iterator[Finding]:
    """Yield what was found for a start with ``wishes`` on the folder ``data``."""
    yield Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _tried("PostgreSQL", lambda: _postgres(data.resolve(), wishes.postgres_bin))
    yield _tried("MQTT broker", lambda: _broker(wishes.broker))
    yield _tried("account of the servers", _account)
    yield _folder(data.resolve())
    yield _space(data.resolve())
    yield _port("console", wishes.http.port, wishes.http.host)
    yield _port("MQTT", wishes.mqtt.port, wishes.mqtt.host)
    for path in wishes.city_files:
        yield _tried(f"city file {path.name}", partial(_title, path))


def _tried(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, look())
    except (DeployError, IngestError, OSError) as error:
        return Finding(subject, False, str(error))


def _version(program: Path) -> str:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - our own programs
    if answer.returncode:
        raise DeployError(f"{program} does not run here: {answer.stderr.strip()}")
    return answer.stdout.strip()


def _postgres(data: Path, folder: Path | None) -> str:
    programs = server_programs.chosen(folder)
    cluster.require_version(data / "postgres", programs)
    timescaledb = programs.timescaledb(identity.unprivileged())
    return f"{programs.version_line}{f', TimescaleDB {timescaledb}' if timescaledb else ''}"


def _broker(kind: BrokerKind) -> str:
    return _version(nats.program()) if kind is BrokerKind.NATS else str(mosquitto.program())


def _title(path: Path) -> str:
    return city_files.load(path).title


def _account() -> str:
    chosen = identity.unprivileged()
    if os.geteuid() != 0:
        return "the one that starts them"
    return "root under another number (user namespace)" if chosen.prefix else "nobody"


def _folder(data: Path) -> Finding:
    nearest = next(path for path in (data, *data.parents) if path.exists())
    if not os.access(nearest, os.W_OK):
        return Finding("data folder", False, f"{nearest} cannot be written to")
    if data.is_dir() and any(data.iterdir()) and not is_data_folder(data):
        return Finding("data folder", False, f"{data} is not empty and was not made by Pharos")
    return Finding("data folder", True, str(data))


def _space(data: Path) -> Finding:
    nearest = next(path for path in (data, *data.parents) if path.exists())
    free = shutil.disk_usage(nearest).free
    return Finding("free space", free >= NEEDED_FREE_BYTES, f"{free / 2**30:.1f} GiB (2 GiB needed)")


def _port(subject: str, port: int, host: str) -> Finding:
    # Not a fault: the start takes another and says so.
    taken = "" if ports.is_free(port, host) else " is taken; a start uses another"
    return Finding(f"port of {subject}", True, f"{port}{taken}")
