"""What keeps a command from its work is said in a sentence with exit code 1, never in a traceback."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.cli import main

pytestmark = pytest.mark.process

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
CITY = Path(__file__).parents[3] / "deploy" / "cities" / "demo.yaml"
SPAN = ("--from", "2026-01-01", "--to", "2026-02-01")


def pharos(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "PHAROS_DATA": str(data),
        "PHAROS_CITIES": str(CITY),
        "PHAROS_MQTT_URL": "mqtt://nobody@127.0.0.1:1",
        "PHAROS_HTTP": "127.0.0.1:1",
        **environment,
    }
    return subprocess.run(
        [sys.executable, "-m", "deploy", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | settings,
    )


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return what runs a command in this process, expects exit code 1 and returns what it says of the reason."""

    def ran(url: str, *words: str) -> str:
        monkeypatch.setenv("PHAROS_DATABASE_URL", url)
        monkeypatch.setattr(sys, "argv", ["pharos", *words])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 1
        return capsys.readouterr().err

    return ran


@pytest.mark.integration
@pytest.mark.parametrize("role", ["ingest", "process", "kpi", "api"])
def test_a_role_is_sent_to_migrate_by_a_database_without_schema(
    role: str, tmp_path: Path, empty_database_url: str
) -> None:
    result = pharos(tmp_path, role, PHAROS_DATABASE_URL=empty_database_url)
    assert result.returncode == 1
    assert "run: pharos db migrate" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.integration
def test_a_command_is_sent_to_migrate_by_a_database_without_schema(
    refused: Callable[..., str], empty_database_url: str
) -> None:
    for command in ("ledger", "token list", "factors list", "data list"):
        assert "run: pharos db migrate" in refused(empty_database_url, *command.split()), command


@pytest.mark.parametrize(
    "command",
    [
        ("ledger",),
        ("token", "list"),
        ("quarantine", "list"),
        ("db", "migrate"),
        ("kpi", "values", "heat_delivered", "--city", "x", *SPAN),
    ],
)
def test_a_database_that_cannot_be_reached_is_a_sentence(command: tuple[str, ...], refused: Callable[..., str]) -> None:
    assert refused(NOWHERE, *command).startswith("the database cannot be used: ")


def test_ingest_stops_at_a_bad_city_file_with_file_and_key(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(CITY.read_text(encoding="utf-8").replace("timezone: Europe/Copenhagen", "timezone: Europe/Atlantis"))
    result = pharos(tmp_path, "ingest", PHAROS_DATABASE_URL=NOWHERE, PHAROS_CITIES=str(bad))
    assert result.returncode == 1
    assert ": timezone: expected an IANA zone" in result.stderr
    assert "Traceback" not in result.stderr
