"""``pharos bench`` measures something and says what, on which machine and with which versions."""

import json
import os
import shutil
import subprocess
import sys

import pytest


@pytest.mark.acceptance
@pytest.mark.usefixtures("quick_throwaway")
@pytest.mark.timeout(1_200)
def test_a_short_measurement_is_complete() -> None:
    command = [sys.executable, "-m", "deploy", "bench", "--seconds", "2", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    measured = json.loads(result.stdout)
    assert measured["messages"] > 0
    assert measured["readings_per_second"] == pytest.approx(4 * measured["messages_per_second"])
    assert measured["ratio"] == pytest.approx(measured["readings_per_second"] / measured["copy_readings_per_second"])
    assert measured["ratio"] > 0
    assert "PostgreSQL" in measured["versions"]
    assert 0 < measured["latency"]["p50"] <= measured["latency"]["p99"]
    parts = measured["parts"]
    assert {
        "NATS server",
        "ingest",
        "process",
        "PostgreSQL: pharos ingest",
        "PostgreSQL: pharos process",
    } <= parts.keys()
    assert parts["ingest"]["cpu_seconds"] > 0
    assert parts["PostgreSQL: pharos ingest"]["memory_mib"] > 0
    if shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin"):
        assert measured["peers"]["reference"]["messages_per_second"] > 0
    assert "cores" in measured["machine"]
