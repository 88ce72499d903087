"""``pharos bench`` measures something and says what, on which machine and with which versions."""

import json
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
    assert "cores" in measured["machine"]
