"""One Danish house, two years, hourly: from its file to figures that equal the register's own arithmetic.

Expected values are differences of the file's registers at civil month edges in Europe/Copenhagen, computed here from
the file alone: Schaffer et al. 2022, Scientific Data, doi 10.1038/s41597-022-01502-3 (CC-BY-4.0).
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ingest.history import mapping
from ingest.model.catalogue import Catalogue
from ingest.model.city import city_file
from ingest.model.time import to_micros
from kpi_engine.engine.engine import Engine
from kpi_engine.factors import registry as factors
from kpi_engine.factors.files import shipped
from kpi_engine.figures import store
from processors.intake.replay import History
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.computed import compute, contents, few_indicators

pytestmark = [pytest.mark.integration, pytest.mark.reference_data, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Europe/Copenhagen")
NOW = to_micros(datetime(2020, 6, 1, tzinfo=UTC))  # months after the last reading: all its figures are final
MONTHS = [datetime(year, month, 1, tzinfo=ZONE) for year in (2018, 2019) for month in range(1, 13)]
COMPLETE = MONTHS[1:-1]
FIGURES = """
    select kpi, city_id, site_id, period, period_start, value, coverage, status, reason, inputs_hash
    from kpi_value where superseded_at is null
"""
LOOKED_AT = (
    "heat_delivered",
    "heat_delta_t",
    "heat_emissions",
    "heat_meter_deviation",
    "heat_return_temperature",
    "heat_supply_temperature",
)
ENERGY, VOLUME, SUPPLY, RETURN = 3, 4, 5, 6  # columns of the file


@pytest.fixture(scope="module")
def meter_file(reference_data: Path) -> Path:
    return reference_data / "district_heating" / "heat_meter_660_hourly_2018_2019.csv"


@pytest.fixture(scope="module")
def registers(meter_file: Path) -> dict[datetime, list[float]]:
    with meter_file.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return {datetime.fromisoformat(row[2]): [0.0, 0.0, 0.0, *map(float, row[3:])] for row in rows}


def counted(registers: dict[datetime, list[float]], month: datetime, column: int) -> float:
    following = MONTHS[MONTHS.index(month) + 1]
    start, end = month.astimezone(UTC), following.astimezone(UTC)
    return registers[end][column] - registers[start][column]


def volume(temperature: float) -> float:
    """Return the volume of water [dm3/kg] between 20 and 100 degC, by a parabola through three values of IAPWS-IF97."""
    known = {20.0: 1.001111, 60.0: 1.016402, 100.0: 1.042693}
    return float(np.polyval(np.polyfit(list(known), list(known.values()), 2), temperature))


class Plant:
    """Everything from the file to the figures, in one process."""

    def __init__(self, connection: Connection) -> None:
        factors.sync(connection, shipped())
        connection.commit()
        self.connection = connection
        self.catalogue: Catalogue = sync(connection, [city_file.load(ROOT / "deploy/cities/heat-meter-660.yaml")])
        self.mapping = mapping.load(ROOT / "deploy/mappings/heat-meter-660.yaml")
        self.stream = Stream(Sink(connection, self.catalogue, "replay"), self.catalogue)

    def load(self, path: Path) -> int:
        """Replay a file; returns how many readings were stored."""
        history = History(self.mapping, self.catalogue, "denmark-sample")
        return sum(receipt.stored for _, receipt in history.replay(path, self.stream, NOW))

    def roll_up(self) -> None:
        """Bring the rollups up to date."""
        worker = RollupWorker(RollupStore(self.connection), lambda: self.catalogue)
        while worker.cycle().spans:
            pass

    def figures(self, kpi: str, period: str = "month") -> dict[datetime, store.StoredFigure]:
        """Bring the figures up to date and return one indicator's, by the civil start of their period."""
        with few_indicators(LOOKED_AT):
            compute(Engine(self.connection), NOW)
        start, end = MONTHS[0].astimezone(UTC), datetime(2020, 1, 1, tzinfo=ZONE).astimezone(UTC)
        with self.connection.transaction():
            values = store.values(self.connection, kpi, "denmark-sample", None, period, start, end)
        return {value.period_start.astimezone(ZONE): value for value in values}

    def everything(self) -> tuple[object, ...]:
        """Return a digest of every current figure, with the hash of what it was computed from."""
        return contents(self.connection, FIGURES)


@pytest.fixture(scope="module")
def loaded(module_database_url: str, meter_file: Path) -> Iterator[Plant]:
    """Return a plant that has the whole file, loaded once for the tests that only look."""
    with connect(module_database_url, "test") as connection:
        plant = Plant(connection)
        plant.load(meter_file)
        plant.roll_up()
        yield plant


def test_the_months_are_the_differences_of_the_register(loaded: Plant, registers: dict[datetime, list[float]]) -> None:
    heat = loaded.figures("heat_delivered")
    for month in COMPLETE:
        assert heat[month].value == pytest.approx(counted(registers, month, ENERGY), rel=1e-9)
        assert (heat[month].status, heat[month].coverage, heat[month].estimated_share) == ("final", 1.0, 0.0)
    # The two months given with the data set's description, to the precision given there.
    assert round(heat[datetime(2018, 3, 1, tzinfo=ZONE)].value or 0, 4) == 2636.6775
    assert round(heat[datetime(2019, 7, 1, tzinfo=ZONE)].value or 0, 4) == 299.0635


def test_temperatures_are_weighted_by_volume(loaded: Plant, registers: dict[datetime, list[float]]) -> None:
    supply, back = loaded.figures("heat_supply_temperature"), loaded.figures("heat_return_temperature")
    difference = loaded.figures("heat_delta_t")
    for month in COMPLETE:
        volume = counted(registers, month, VOLUME)
        warm, cold = counted(registers, month, SUPPLY) / volume, counted(registers, month, RETURN) / volume
        assert supply[month].value == pytest.approx(warm, rel=1e-9)
        assert back[month].value == pytest.approx(cold, rel=1e-9)
        assert difference[month].value == pytest.approx(warm - cold, rel=1e-9)


def test_the_meter_counts_what_its_water_carried_but_for_the_pipe_its_sensor_sits_in(loaded: Plant) -> None:
    """By the volume of warm water, as a sensor in the supply pipe counts it, every month is within 0.5 %."""
    deviation, supply, back = (
        loaded.figures(kpi) for kpi in ("heat_meter_deviation", "heat_supply_temperature", "heat_return_temperature")
    )
    for month in COMPLETE:
        found, warm, cold = (figures[month].value for figures in (deviation, supply, back))
        assert found is not None
        assert warm is not None
        assert cold is not None
        assert (1.0 + found / 100.0) * volume(warm) / volume(cold) == pytest.approx(1.0, abs=5e-3)


def test_a_month_that_lacks_its_first_two_days_says_so_and_what_it_lies_between(loaded: Plant) -> None:
    # The first reading is of 3 January: two days at the fastest hour's double are more than a fifth (decision 36).
    for kpi in ("heat_delivered", "heat_supply_temperature", "heat_delta_t", "heat_emissions"):
        january = loaded.figures(kpi)[MONTHS[0]]
        assert (january.value, january.status) == (None, "insufficient")
        assert "no reading at or before" in (january.reason or "")
        assert january.lower is not None
        assert january.upper is not None
        assert january.lower < january.upper


def test_a_month_that_lacks_its_last_hour_goes_on_at_its_mean_and_is_final(
    loaded: Plant, registers: dict[datetime, list[float]]
) -> None:
    # The last reading is of 23:00 on 31 December: one hour at twice the fastest is little of a month (decision 36).
    start, last = registers[MONTHS[-1].astimezone(UTC)], registers[max(registers)]
    energy, water, warm, cold = (last[column] - start[column] for column in (ENERGY, VOLUME, SUPPLY, RETURN))
    expected = {
        "heat_delivered": energy * 744 / 743,
        "heat_supply_temperature": warm / water,
        "heat_delta_t": (warm - cold) / water,
    }
    for kpi, value in expected.items():
        december = loaded.figures(kpi)[MONTHS[-1]]
        assert december.value == pytest.approx(value, rel=1e-9)
        assert december.status == "final"
        assert "no reading at or after" in (december.reason or "")
        assert december.lower is not None
        assert december.upper is not None
        assert december.lower < value < december.upper
    assert loaded.figures("heat_emissions")[MONTHS[-1]].status == "final"


def test_the_years_lack_no_more_than_two_days_and_an_hour_and_are_final(
    loaded: Plant, registers: dict[datetime, list[float]]
) -> None:
    # Before its first reading a meter counts nothing; after its last one it goes on at its mean (decision 36).
    between = registers[datetime(2019, 1, 1, tzinfo=ZONE).astimezone(UTC)][ENERGY]
    first, second = loaded.figures("heat_delivered", "year").values()
    assert first.value == pytest.approx(between - registers[min(registers)][ENERGY], rel=1e-9)
    assert second.value == pytest.approx((registers[max(registers)][ENERGY] - between) * 8760 / 8759, rel=1e-9)
    for year in (first, second):
        assert year.status == "final"
        assert year.value is not None
        assert year.lower is not None
        assert year.upper is not None
        assert year.lower <= year.value < year.upper
        assert year.upper - year.value <= 0.05 * year.value


def test_order_repetition_portions_and_restarts_give_the_same_figures(
    database_url: str, another_database_url: str, meter_file: Path, tmp_path: Path
) -> None:
    """Of half a year with both changes of the clocks and the turn of the year: every such figure of every period."""
    random = Random(1)
    header, *whole = meter_file.read_text(encoding="utf-8").splitlines()
    rows = [row for row in whole if "2018-10-15" <= row.split(",")[2] < "2019-04-15"]
    assert len(rows) > 4_000
    part = tmp_path / "part.csv"
    shuffled = random.sample(rows, len(rows)) + random.sample(rows, 1_000)
    with connect(database_url, "test") as connection, connect(another_database_url, "test") as another:
        part.write_text("\n".join([header, *rows]), encoding="utf-8")
        in_order = Plant(another)
        in_order.load(part)
        in_order.roll_up()
        in_order.figures("heat_delivered")
        while shuffled:
            size = random.randrange(1, 2_500)
            part.write_text("\n".join([header, *shuffled[:size]]), encoding="utf-8")
            shuffled = shuffled[size:]
            again = Plant(connection)  # as after a restart
            again.load(part)
            if random.random() < 0.5:
                again.roll_up()
        again.roll_up()
        again.figures("heat_delivered")
        assert again.everything() == in_order.everything()
        ledger = connection.execute("select sum(stored), sum(duplicate), sum(received) from ledger").fetchone()
    assert ledger == (4 * len(rows), 4 * 1_000, 4 * (len(rows) + 1_000))
