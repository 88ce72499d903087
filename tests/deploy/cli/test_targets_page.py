"""The example of docs/targets.md: its target and its figures, put into a city, are shown as the page shows them."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import typer
import yaml
from typer.testing import CliRunner

from deploy.cli import targets
from ingest.model.city.city_file import parse
from ingest.model.time import to_micros
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests.kpi_engine.targets.stored_figures import Amounts, store_figures
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

PAGE: Final = (Path(__file__).parents[3] / "docs" / "targets.md").read_text(encoding="utf-8")
NOW: Final = to_micros(datetime(2026, 11, 15, 12, tzinfo=UTC))


def block(language: str, last: bool = False) -> str:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return found[-1 if last else 0]


def test_the_example_of_the_page_is_what_the_command_prints(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    declared: dict[str, Any] = yaml.safe_load(block("yaml"))
    figures: Amounts = {
        (int(row["year"]), int(row["month"]) if row["month"] else None): (
            float(row["value"]),
            float(row["lower"]),
            float(row["upper"]),
        )
        for row in csv.DictReader(block("csv").splitlines())
    }
    with connect(database_url, "test") as connection:
        sync(connection, [parse(town(heat_meter(site="school"), sites={"school": declared}), "harbour.yaml")])
        connection.commit()
        store_figures(connection, "heat_delivered", ("harbour", "school"), figures, NOW)
    monkeypatch.setattr(targets, "time_ns", lambda: NOW * 1_000)
    app = typer.Typer()
    targets.register(app)
    app.command("other")(lambda: None)  # typer leaves out the name of a single command

    shown = CliRunner().invoke(
        app,
        ("targets", "show", "heat_delivered", "--city", "harbour", "--site", "school"),
        env={"PHAROS_DATABASE_URL": database_url},
    )

    assert [line.rstrip() for line in shown.output.splitlines()] == block("text", last=True).splitlines()
