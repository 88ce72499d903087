"""Two years of a real heat meter, from readings to figures, against the meter's own registers.

One house of Schaffer et al. 2022, Scientific Data, doi 10.1038/s41597-022-01502-3: cumulative registers, hourly.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest.model.city.city_file import load
from ingest.model.time import to_micros
from kpi_engine.engine.engine import Engine
from kpi_engine.factors.files import shipped
from kpi_engine.factors.registry import sync as publish
from kpi_engine.figures import store
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.computed import compute, few_indicators
from tests.processors.stored_readings import drain, mark_everything

pytestmark = [pytest.mark.integration, pytest.mark.reference_data]

CITY = Path(__file__).parents[2] / "deploy" / "cities" / "heat-meter-660.yaml"
ZONE = ZoneInfo("Europe/Copenhagen")
COLUMNS = {
    "heat_energy": "energy_heat_kwh",
    "volume": "volume_flow_m3",
    "volume_supply_temperature": "inlet_flow_energy_m3xC",
    "volume_return_temperature": "back_flow_energy_m3xC",
}
MONTHS = [datetime(2018 + n // 12, n % 12 + 1, 1, tzinfo=ZONE) for n in range(25)]
WHOLE = list(pairwise(MONTHS))[1:-1]

KPIS = ["heat_delivered", "heat_delta_t", "heat_emissions", "heat_return_temperature", "heat_supply_temperature"]
Registers = Mapping[datetime, Mapping[str, float]]


@pytest.fixture(scope="module")
def registers(reference_data: Path) -> Registers:
    """Return the meter's registers by the time they were read."""
    with (reference_data / "district_heating" / "heat_meter_660_hourly_2018_2019.csv").open() as lines:
        return {
            datetime.fromisoformat(row["time_rounded"]): {q: float(row[column]) for q, column in COLUMNS.items()}
            for row in csv.DictReader(lines)
        }


@pytest.fixture
def figures(database_url: str, registers: Registers) -> Iterator[Connection]:
    """Return a database in which the meter's readings have become figures, as of the first days of 2020."""
    with connect(database_url, "test") as connection, connect(database_url, "test engine") as own:
        catalogue = sync(connection, [load(CITY)])
        publish(connection, shipped())
        series = {one.quantity: one.series_id for one in catalogue.series.values()}
        connection.execute("create table observation_of_the_test partition of observation default")
        connection.execute("insert into source (city, name) values ('denmark-sample', 'test')")
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy observation (series_id, time, value, received_at, source_id, quality) from stdin"
            ) as copy,
        ):
            for time, read in registers.items():
                for quantity, value in read.items():
                    copy.write_row((series[quantity], time, value, time, 1, 0))
        mark_everything(connection)
        connection.commit()
        drain(RollupWorker(RollupStore(connection), lambda: catalogue))
        with few_indicators(KPIS):
            compute(Engine(own), to_micros(datetime(2020, 1, 3, tzinfo=UTC)))
        yield connection


def months(connection: Connection, kpi: str) -> dict[datetime, store.StoredFigure]:
    found = store.values(connection, kpi, "denmark-sample", "house-772", "month", MONTHS[0], MONTHS[-1])
    return {value.period_start.astimezone(ZONE): value for value in found}


def test_every_figure_is_what_the_registers_say(figures: Connection, registers: Registers) -> None:
    heat, emissions = months(figures, "heat_delivered"), months(figures, "heat_emissions")
    supply, back = months(figures, "heat_supply_temperature"), months(figures, "heat_return_temperature")
    difference = months(figures, "heat_delta_t")

    for start, end in WHOLE:
        before, after = registers[start.astimezone(UTC)], registers[end.astimezone(UTC)]
        moved = {quantity: after[quantity] - before[quantity] for quantity in COLUMNS}
        warm, cold = (moved[f"volume_{side}_temperature"] / moved["volume"] for side in ("supply", "return"))
        assert heat[start].status == "final"
        assert heat[start].value == pytest.approx(moved["heat_energy"], rel=1e-9)
        assert emissions[start].value == pytest.approx(0.26 * moved["heat_energy"], rel=1e-9)
        assert supply[start].value == pytest.approx(warm, rel=1e-9)
        assert back[start].value == pytest.approx(cold, rel=1e-9)
        assert difference[start].value == pytest.approx(warm - cold, rel=1e-9)

    assert heat[MONTHS[2]].value == pytest.approx(2636.6775, abs=5e-5), "March 2018"
    assert heat[MONTHS[18]].value == pytest.approx(299.0635, abs=5e-5), "July 2019"
    assert heat[MONTHS[0]].value is None
    assert heat[MONTHS[0]].reason == (
        "between 2,581.03 and 3,226.82; "
        "meter-660: no reading at or before 2017-12-31T23:00:00Z; the first is 2018-01-02T23:00:00Z"
    )
    # its last hour was not read: it was no figure for that, and can be wrong by that hour at most
    december = heat[MONTHS[23]]
    assert december.value == pytest.approx(2390.1520540921747, rel=1e-12)
    assert december.status == "final"
    assert december.lower == pytest.approx(2390.1520540921747 * 743 / 744, rel=1e-9), "it counted no less than was read"
    assert december.upper == pytest.approx(2396, abs=10)
    assert december.reason == (
        "meter-660: no reading at or after 2019-12-31T23:00:00Z; the last is 2019-12-31T22:00:00Z"
    )
