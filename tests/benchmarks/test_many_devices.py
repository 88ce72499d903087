"""What a city of many devices costs: its file read, registered, read again; one device changed; one credential rotated.

Judges nothing. PHAROS_BENCH_DEVICES=10000 says how many heat meters there are, four in a house, two series each.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest

from deploy import city_files, city_registration
from deploy.embedded.accounts import Verifier
from deploy.embedded.credentials import DeviceCredential, DeviceCredentials
from deploy.embedded.durability import Durability
from deploy.embedded.nats_config import Places, render
from deploy.settings import Address
from ingest.model.city.assets import City
from processors.storage.database import Connection
from processors.storage.registry import registry
from tests.benchmarks.spent import spent

pytestmark = pytest.mark.integration

DEVICES: Final = int(os.environ.get("PHAROS_BENCH_DEVICES", "8"))
CITY: Final = """
name: large
title: A large city
country: DK
timezone: Europe/Copenhagen
role: network
"""


def _file(folder: Path, interval_of_one: str) -> Path:
    """Write a city file, in which the first device reports at an interval of its own."""
    path = folder / f"{interval_of_one}.yaml"
    sites = [f"- {{name: house-{number}, vertical: district_heating}}" for number in range((DEVICES + 3) // 4)]
    devices = [
        f"- {{name: meter-{number}, site: house-{number // 4}, type: heat_meter, carrier: heat, direction: consumption,"
        f" expected_interval: {'PT1H' if number else interval_of_one},"
        " series: [{quantity: heat_energy}, {quantity: volume}]}"
        for number in range(DEVICES)
    ]
    path.write_text("\n".join([CITY, "sites:", *sites, "devices:", *devices]))
    return path


def _credentials(folder: Path) -> DeviceCredentials:
    path, verifier = folder / "devices.json", Verifier.of("secret")
    held = [DeviceCredential("large", f"meter-{number}", "2026-01-01T00:00:00Z", verifier) for number in range(DEVICES)]
    path.write_text(json.dumps([asdict(one) for one in held]))
    return DeviceCredentials(path)


def test_cost_of_many_devices(connection: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    usual, changed = _file(tmp_path, "PT1H"), _file(tmp_path, "PT15M")
    credentials = _credentials(tmp_path)
    read: list[City] = []

    def registered() -> object:
        return registry.sync(connection, read[-1:])

    def configured() -> object:
        places = Places(Address("127.0.0.1", 1883), 4222, tmp_path)
        return render(places, Durability.SECOND, "secret", credentials.accounts())

    steps: dict[str, Callable[[], object]] = {
        "the file read": lambda: read.append(city_files.load(usual)),
        "registered": registered,
        "registered again": registered,
        "its catalogue read by a role": lambda: registry.load(connection),
        "the file with one device changed read": lambda: read.append(city_files.load(changed)),
        "what it changes": lambda: city_registration.foreseen(connection, read[-1:]),
        "registered with one device changed": registered,
        "its catalogue read again": lambda: registry.load(connection),
        "one credential rotated": lambda: credentials.rotate("large", "meter-0"),
        "accounts of the broker written": configured,
    }
    with capsys.disabled():
        sys.stdout.write(f"\n{DEVICES:,} devices\n")
        for name, work in steps.items():
            cost = spent(connection, work)
            sys.stdout.write(f"{name:40}{cost.wall:8.2f} s, of CPU {cost.cpu:7.2f} s\n")
    ((devices, series),) = connection.execute("select count(distinct device_id), count(*) from series")
    assert (devices, series) == (DEVICES, 2 * DEVICES)
