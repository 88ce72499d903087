"""``pharos simulate`` refuses what it cannot do before it publishes anything, and says what was expected."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import simulate
from ingest.model.time import to_micros
from simulators.device import INSTALLED
from tests import towns

app = typer.Typer()
simulate.register(app)
runner = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "url", "expected"),
    [
        ([], "", "PHAROS_MQTT_URL: not set"),
        ([], "http://localhost", "PHAROS_MQTT_URL: expected mqtt://"),
        (["--city", "nowhere.yaml"], "mqtt://localhost", "nowhere.yaml: (file): cannot be read"),
        (["--vertical", "lighting"], "mqtt://localhost", "no device to simulate: expected devices in lighting"),
        (["--faults", "flood"], "mqtt://localhost", "--faults flood: expected one of silence"),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], url: str, expected: str
) -> None:
    monkeypatch.setattr(simulate, "configure", lambda _role: None)
    (tmp_path / "harbour.yaml").write_text(towns.town(towns.heat_meter()), encoding="utf-8")
    given = ["--city", str(tmp_path / "harbour.yaml"), *arguments]  # the last one counts
    result = runner.invoke(app, given, env={"PHAROS_DATA": str(tmp_path), "PHAROS_MQTT_URL": url})
    assert result.exit_code == 1
    assert expected in result.stderr


def test_a_rate_of_nothing_is_a_usage_error() -> None:
    assert runner.invoke(app, ["--rate", "0"]).exit_code == 2


@pytest.mark.parametrize(
    ("now", "months", "origin"),
    [
        (datetime(2026, 11, 22, 12, tzinfo=UTC), 13, datetime(2025, 9, 30, 22, tzinfo=UTC)),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), 1, datetime(2026, 9, 30, 22, tzinfo=UTC)),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), 0, datetime(2026, 11, 22, 12, tzinfo=UTC)),
    ],
)
def test_history_begins_with_a_civil_month(now: datetime, months: int, origin: datetime) -> None:
    assert simulate.origin(towns.shipped("sonderborg"), to_micros(now), months) == to_micros(origin)


def test_history_does_not_begin_before_the_meters_were_installed() -> None:
    assert simulate.origin(towns.shipped("sonderborg"), to_micros(datetime(2026, 11, 22, tzinfo=UTC)), 60) == INSTALLED
