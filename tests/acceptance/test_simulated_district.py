"""A simulated district from outside: its past and its present arrive, and its figures are those of its meters.

It is a part of the demonstration district: the plant, the weather and a few of its meters.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml

from deploy.embedded.throwaway import Throwaway, throwaway
from ingest.model.calendar import Period, floor
from ingest.model.city import city_file
from ingest.model.time import to_micros
from processors.storage.database import Connection, connect
from simulators.fleet import fleet

DEMONSTRATION = Path(__file__).parents[2] / "deploy" / "cities" / "demo.yaml"
METERED = ("house-01", "block-01", "school-01")
STANDING = ("network", "plant", "weather", *METERED)
LIVE_SECONDS = 10.0
PATIENCE_SECONDS = 900.0  # for a month of history, on a machine that has other things to do


@contextmanager
def _simulating(running: Throwaway, city: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "deploy", "simulate", "--city", str(city)]
    command += ["--history", "1", "--rate", "1"]
    environment = {**os.environ, "PHAROS_MQTT_URL": running.mqtt_url, "PHAROS_DATA": str(city.parent)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        yield
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.acceptance
@pytest.mark.usefixtures("quick_throwaway")
@pytest.mark.timeout(2 * PATIENCE_SECONDS)
def test_last_months_heat_is_what_the_meters_counted(tmp_path: Path) -> None:
    this_month = floor(to_micros(datetime.now(UTC)), Period.MONTH, "Europe/Copenhagen")
    last_month = floor(this_month - 1, Period.MONTH, "Europe/Copenhagen")
    edges = np.array([last_month, this_month])
    path = tmp_path / "district.yaml"
    path.write_text(_district(), encoding="utf-8")
    with throwaway(path.read_text(encoding="utf-8")) as running:
        running.wait(running.stack.is_ready, "every role to be ready", PATIENCE_SECONDS)
        with closing(connect(running.database_url, "test")) as connection, _simulating(running, path):
            connection.autocommit = True
            running.wait(
                lambda: len(_whole_heat(connection, last_month)) == len(METERED), "a whole month", PATIENCE_SECONDS
            )
            figures = _whole_heat(connection, last_month)
            running.wait(
                lambda: _seconds_since_last_reading(connection) < LIVE_SECONDS, "live readings", PATIENCE_SECONDS
            )
            assert _scalar(connection, "select count(*) from quarantine") == 0
            received, stored = _scalar(connection, "select sum(received) from ledger"), _rows(connection)
            assert received >= stored > 0
    for device in fleet(city_file.load(path), seed=1):
        if device.name.startswith("meter-"):
            begin, end = device.read(edges)["heat_energy"].tolist()
            assert figures[device.name.removeprefix("meter-")] == pytest.approx(end - begin, abs=2e-4)


def _district() -> str:
    """Return the demonstration's city file without most of its buildings."""
    whole = yaml.safe_load(DEMONSTRATION.read_text(encoding="utf-8"))
    sites = [site for site in whole["sites"] if site["name"] in STANDING]
    devices = [device for device in whole["devices"] if device["site"] in STANDING]
    return yaml.safe_dump({**whole, "sites": sites, "devices": devices}, allow_unicode=True)


def _whole_heat(connection: Connection, month: int) -> dict[str, float]:
    # A month that lacks its last hours is final as well (decision 36) while they are on their way: wait for its edges.
    rows = connection.execute(
        "select site.name, value from kpi_value join site using (site_id) where kpi = 'heat_delivered'"
        " and period = 'month' and status = 'final' and coverage = 1 and superseded_at is null"
        " and period_start = to_timestamp(%(start)s)",
        {"start": month / 1e6},
    )
    return {str(name): float(value) for name, value in rows}


def _seconds_since_last_reading(connection: Connection) -> float:
    return _scalar(connection, "select extract(epoch from now() - max(time)) from reading")


def _rows(connection: Connection) -> float:
    return _scalar(connection, "select count(*) from reading")


def _scalar(connection: Connection, query: str) -> float:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return float(row[0])
