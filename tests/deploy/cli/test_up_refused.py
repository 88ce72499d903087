"""``pharos up`` refuses what it cannot do before it makes a folder."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import up

COMMAND = up.register


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--postgres-bin", "nowhere"], "--postgres-bin nowhere: there is no such folder"),
        (["--broker", "mosquitto", "--durability", "always"], "a promise of --broker nats"),
        (["--city", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_a_refused_start_leaves_no_folder(app: typer.Typer, tmp_path: Path, options: list[str], sentence: str) -> None:
    refused = CliRunner().invoke(app, ["--data", str(tmp_path / "data"), *options])
    assert refused.exit_code == 1
    assert sentence in str(refused.exception)
    assert list(tmp_path.iterdir()) == []
