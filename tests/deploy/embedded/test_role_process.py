"""A role asks for its settings at every start, so that it finds what has moved meanwhile."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded import ports, process
from deploy.embedded.role_process import RoleProcess, role_of
from deploy.embedded.stack import role_names

pytestmark = pytest.mark.process
PATIENCE_SECONDS = 180.0


def _wait_for(path: Path, text: str) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if path.exists() and text in (said := path.read_text()):
            return said
        time.sleep(0.05)
    raise AssertionError(f"{path.name} never said {text!r}: {path.read_text() if path.exists() else 'nothing'}")


@pytest.fixture
def told() -> dict[str, str]:
    return {"PHAROS_HTTP": "127.0.0.1:1"}


@pytest.fixture
def role(told: dict[str, str], tmp_path: Path) -> Iterator[RoleProcess]:
    config = RoleProcess("config", lambda: told, tmp_path / "run", tmp_path / "log")
    yield config
    config.stop()


def test_a_role_that_is_started_again_is_told_what_holds_by_then(
    role: RoleProcess, told: dict[str, str], tmp_path: Path
) -> None:
    role.start()
    _wait_for(tmp_path / "log", "127.0.0.1:1")
    role.stop()
    told["PHAROS_HTTP"] = f"127.0.0.1:{ports.choose()}"
    role.start()
    assert _wait_for(tmp_path / "log", told["PHAROS_HTTP"])


def test_how_long_a_role_has_computed_is_known_while_it_runs(role: RoleProcess) -> None:
    assert role.cpu_seconds is None
    role.start()
    assert (role.cpu_seconds or 0.0) >= 0.0
    role.stop()
    assert role.cpu_seconds is None


def test_what_a_process_computes_is_counted() -> None:
    before = process.cpu_seconds(os.getpid())
    assert before is not None
    while process.cpu_seconds(os.getpid()) == before:
        sum(range(10_000))
    assert process.cpu_seconds(0) is None


def test_settings_of_the_starting_process_do_not_reach_a_role(
    role: RoleProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAROS_QUARANTINE_DAYS", "777")
    role.start()
    assert "777" not in json.dumps(_wait_for(tmp_path / "log", "127.0.0.1:1"))


def test_a_large_machine_has_more_processes_that_compute_figures() -> None:
    assert role_names(2) == role_names(7) == ["api", "ingest", "process", "kpi"]
    assert role_names(16)[4:] == ["kpi-2", "kpi-3", "kpi-4"]
    assert {role_of(name) for name in role_names(16)} == {"api", "ingest", "process", "kpi"}
