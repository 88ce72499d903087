"""The short form of the kill schedule: every part once, under load, and nothing lost or doubled."""

import json
import subprocess
import sys

import pytest

RATE = 500  # messages a second: something is on its way whenever a part is killed, and the machine keeps up


@pytest.mark.acceptance
@pytest.mark.usefixtures("quick_throwaway")
@pytest.mark.timeout(1_200)
def test_every_part_is_killed_once_and_nothing_is_lost_or_doubled() -> None:
    options = ["--rounds", "6", "--seed", "11", "--rate", str(RATE), "--json"]
    command = [sys.executable, "-m", "deploy", "crashtest", *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    verdict = json.loads(result.stdout)
    assert verdict["holds"]
    assert set(verdict["kills"].values()) == {1}
    assert len(verdict["kills"]) == 6
    assert verdict["readings"]["missing"] == 0
    assert verdict["readings"]["stored"] == verdict["readings"]["acknowledged"] > 0
