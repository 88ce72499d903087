"""What roles that take messages tell before the first one came."""

import subprocess
import sys

import pytest

TELL = "import deploy.roles.metrics; from prometheus_client import generate_latest; print(generate_latest().decode())"


@pytest.mark.process
def test_outcomes_are_told_from_the_start_so_that_silence_can_be_seen() -> None:
    """In a process of its own: other tests have counted in this one."""
    told = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True).stdout

    for outcome in ("stored", "duplicate", "conflict", "quarantined"):
        assert f'pharos_readings_total{{outcome="{outcome}"}} 0.0' in told
