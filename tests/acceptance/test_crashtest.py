"""The short form of the kill schedule: every part once, under load, and nothing lost or doubled."""

import json
import subprocess
import sys

import pytest


@pytest.mark.acceptance
@pytest.mark.usefixtures("quick_throwaway")
@pytest.mark.timeout(1_200)
def test_every_part_is_killed_once_and_nothing_is_lost_or_doubled() -> None:
    command = [sys.executable, "-m", "deploy", "crashtest", "--rounds", "6", "--seed", "11", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    verdict = json.loads(result.stdout)
    assert verdict["holds"]
    assert set(verdict["kills"].values()) == {1}
    assert len(verdict["kills"]) == 6
    assert verdict["readings"]["missing"] == 0
    assert verdict["readings"]["stored"] == verdict["readings"]["acknowledged"] > 0
