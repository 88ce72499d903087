"""What keeps a command from its work is said in a sentence with exit code 1, never in a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.integration
@pytest.mark.parametrize(
    "command", ["ingest", "process", "kpi", "api", "ledger", "token list", "factors list", "data list"]
)
def test_a_database_without_schema_is_sent_to_migrate(command: str, tmp_path: Path, empty_database_url: str) -> None:
    refused = pharos(tmp_path, *command.split(), PHAROS_DATABASE_URL=empty_database_url)
    assert refused.returncode == 1
    assert "run: pharos db migrate" in refused.stderr
    assert "Traceback" not in refused.stderr


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
def test_a_database_that_cannot_be_reached_is_a_sentence(command: tuple[str, ...], tmp_path: Path) -> None:
    refused = pharos(tmp_path, *command, PHAROS_DATABASE_URL=NOWHERE)
    assert refused.returncode == 1
    assert refused.stderr.startswith("the database cannot be used: ")
    assert "Traceback" not in refused.stderr


def test_ingest_stops_at_a_bad_city_file_with_file_and_key(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(CITY.read_text(encoding="utf-8").replace("timezone: Europe/Copenhagen", "timezone: Europe/Atlantis"))
    refused = pharos(tmp_path, "ingest", PHAROS_DATABASE_URL=NOWHERE, PHAROS_CITIES=str(bad))
    assert refused.returncode == 1
    assert ": timezone: expected an IANA zone" in refused.stderr
    assert "Traceback" not in refused.stderr
