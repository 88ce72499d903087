"""``pharos kpi rank``: the sites of a city in order, and a sentence where there is nothing to rank."""

import json
from datetime import UTC, datetime
from typing import Final

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import kpi
from ingest.model.city.city_file import parse
from ingest.model.time import DAY, HOUR, to_micros
from kpi_engine.engine.engine import Engine
from kpi_engine.errors import KpiError
from processors.rollups.worker import RollupWorker
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.computed import compute, few_indicators
from tests.processors.stored_readings import drain, store
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

START: Final = to_micros(datetime(2026, 3, 9, 23, tzinfo=UTC))  # 10 March in Copenhagen
ROW: Final = town(*(heat_meter(name=f"meter-{site}", site=site) for site in ("left", "right")), name="row")
PER_HOUR: Final = {"left": 1.0, "right": 2.5}


@pytest.fixture
def url(database_url: str) -> str:
    with connect(database_url, "test") as connection, connect(database_url, "test") as own:
        catalogue = sync(connection, [parse(ROW, "row.yaml")])
        connection.commit()
        for site, rate in PER_HOUR.items():
            series = catalogue.devices["row", f"meter-{site}"].series["heat_energy"].series_id
            store(connection, [(series, START + place * HOUR, place * rate) for place in range(25)])
        drain(RollupWorker(RollupStore(connection), lambda: catalogue))
        with few_indicators(["heat_delivered"]):
            compute(Engine(own), START + 3 * DAY)
    return database_url


def rank(url: str, indicator: str, *arguments: str) -> Result:
    app = typer.Typer()
    kpi.register(app)
    return CliRunner().invoke(app, ("kpi", "rank", indicator, "--city", "row", *arguments),
                              env={"PHAROS_DATABASE_URL": url})  # fmt: skip


def test_sites_are_printed_in_order_with_their_places_and_bounds(url: str) -> None:
    ended = rank(url, "heat_delivered", "--period", "day", "--start", "2026-03-10", "--json")
    first, second = json.loads(ended.output)

    assert [(one["rank"], one["figure"]["site"], one["figure"]["value"]) for one in (first, second)] == [
        (1, "right", 60.0),
        (2, "left", 24.0),
    ]
    table = rank(url, "heat_delivered", "--period", "day", "--start", "2026-03-10", "--order", "smallest").output
    assert table.index("left") < table.index("right")
    assert "[24.0000, 24.0000]" in table


def test_a_period_without_figures_is_said(url: str) -> None:
    ended = rank(url, "heat_delivered", "--start", "2025-03-10")

    assert isinstance(ended.exception, KpiError)
    expected = "no figure of heat_delivered for a site of row in the month of 2025-03-10 is computed"
    assert str(ended.exception) == expected


def test_an_indicator_of_cities_alone_has_no_sites_to_rank(url: str) -> None:
    ended = rank(url, "city_final_energy", "--start", "2026-03-10")

    assert str(ended.exception) == "city_final_energy is a figure of a city alone: there are no sites to rank"
