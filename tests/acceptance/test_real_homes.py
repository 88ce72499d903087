"""Three homes and their grid, hourly for a year, in files without times: from the files to figures that equal theirs.

Expected values are computed here from the files alone: CityLearn challenge 2022, EPRI (MIT).
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from math import fsum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest.errors import MappingError
from ingest.history import mapping_kinds
from ingest.history.axis_mapping import AxisMapping
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
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.computed import compute, contents, few_indicators

pytestmark = [pytest.mark.integration, pytest.mark.reference_data, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
CITY = "citylearn-2022"
ZONE = ZoneInfo("America/Los_Angeles")
FIRST, LAST = datetime(2016, 8, 1, tzinfo=ZONE), datetime(2017, 8, 1, tzinfo=ZONE)
NOW = to_micros(datetime(2017, 9, 1, tzinfo=UTC))
FIGURES = """
    select kpi, site_id, period, period_start, value, coverage, status, reason, inputs_hash
    from kpi_value where superseded_at is null
"""
LOOKED_AT = (
    "city_emissions",
    "city_final_energy",
    "electricity_emissions",
    "electricity_emissions_hourly",
)
CAPACITY = {"2": 4, "3": 4, "4": 5}
NAMES = (*(f"building_{number}" for number in CAPACITY), "carbon_intensity")


class Files:
    """The files, and their columns as numbers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return where a file is."""
        return self.folder / f"citylearn_2022_{name}.csv"

    def column(self, name: str, column: str) -> list[float]:
        """Return all rows of a column."""
        with self.path(name).open(encoding="utf-8") as file:
            return [float(row[column]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def files(reference_data: Path) -> Files:
    return Files(reference_data / "buildings")


class Homes:
    """Everything from the files to the figures, in one process."""

    def __init__(self, connection: Connection, files: Files) -> None:
        factors.sync(connection, shipped())
        connection.commit()
        self.connection, self.files = connection, files
        self.catalogue = sync(connection, [city_file.load(ROOT / f"deploy/cities/{CITY}.yaml")])
        self.stream = Stream(Sink(connection, self.catalogue, "replay"), self.catalogue)
        self.worker = RollupWorker(RollupStore(connection), lambda: self.catalogue)

    def load(self, name: str, path: Path | None = None) -> Receipt:
        """Replay a file with the mapping of its name."""
        chosen = mapping_kinds.load(ROOT / f"deploy/mappings/{CITY}-{name.replace('_', '-')}.yaml")
        assert isinstance(chosen, AxisMapping)
        history = History(chosen, self.catalogue, CITY)
        replayed = history.replay(path or self.files.path(name), self.stream, NOW)
        return sum((receipt for _, receipt in replayed), Receipt())

    def settle(self) -> None:
        """Bring rollups and figures up to date."""
        while self.worker.cycle().spans:
            pass
        with few_indicators(LOOKED_AT):
            compute(Engine(self.connection), NOW)

    def months(self, kpi: str, site: str | None) -> list[store.StoredFigure]:
        """Return the figures of the twelve months."""
        with self.connection.transaction():
            return store.values(self.connection, kpi, CITY, site, "month", FIRST, LAST)

    def everything(self) -> tuple[object, ...]:
        """Return a digest of every current figure, with the hash of what it was computed from."""
        return contents(self.connection, FIGURES)


@pytest.fixture(scope="module")
def homes(module_database_url: str, files: Files) -> Iterator[Homes]:
    """Return all files loaded and computed once for the tests that only look."""
    with connect(module_database_url, "test") as connection:
        loaded = Homes(connection, files)
        for name in NAMES:
            loaded.load(name)
        loaded.settle()
        yield loaded


def whole(months: Sequence[store.StoredFigure]) -> float:
    """Return the sum of twelve months, each of which is whole and final."""
    assert [(month.status, month.coverage, month.estimated_share) for month in months] == [("final", 1.0, 0.0)] * 12
    return fsum(month.value for month in months if month.value is not None)


@pytest.mark.parametrize("number", CAPACITY)
def test_emissions_by_hour_are_the_sum_of_load_times_intensity_of_the_same_row(
    homes: Homes, files: Files, number: str
) -> None:
    rows = zip(
        files.column(f"building_{number}", "non_shiftable_load"), files.column(NAMES[-1], NAMES[-1]), strict=True
    )
    emitted = whole(homes.months("electricity_emissions_hourly", f"building-{number}"))
    assert emitted == pytest.approx(fsum(load * intensity for load, intensity in rows), rel=1e-9)


@pytest.mark.parametrize("number", CAPACITY)
def test_emissions_by_the_flat_mean_are_the_load_times_the_mean_of_all_rows(
    homes: Homes, files: Files, number: str
) -> None:
    intensity = files.column(NAMES[-1], NAMES[-1])
    load = fsum(files.column(f"building_{number}", "non_shiftable_load"))
    emitted = whole(homes.months("electricity_emissions", f"building-{number}"))
    assert emitted == pytest.approx(load * fsum(intensity) / len(intensity), rel=1e-9)


def test_the_second_home_emits_what_is_known_of_it(homes: Homes) -> None:
    assert round(whole(homes.months("electricity_emissions_hourly", "building-2")), 2) == 1533.87
    assert round(whole(homes.months("electricity_emissions", "building-2")), 2) == 1464.13


def test_the_city_is_the_sum_of_its_homes_and_production_is_no_consumption(homes: Homes, files: Files) -> None:
    loads = [files.column(f"building_{number}", "non_shiftable_load") for number in CAPACITY]
    assert whole(homes.months("city_final_energy", None)) == pytest.approx(fsum(map(fsum, loads)), rel=1e-9)


@pytest.mark.parametrize("number", CAPACITY)
def test_photovoltaics_are_watts_per_installed_kilowatt(homes: Homes, files: Files, number: str) -> None:
    series = homes.catalogue.devices[CITY, f"roof-{number}"].series["electricity_energy"].series_id
    query = "select sum(total) from rollup where period = 'month' and series_id = %s"
    with homes.connection.transaction():
        (produced,) = homes.connection.execute(query, (series,)).fetchone() or (None,)
    watts = files.column(f"building_{number}", "solar_generation")
    assert produced == pytest.approx(fsum(watts) / 1000 * CAPACITY[number], rel=1e-9)


def test_the_first_row_is_the_hour_that_ends_at_midnight_of_the_files_clock(homes: Homes) -> None:
    series = homes.catalogue.devices[CITY, "load-2"].series["electricity_energy"].series_id
    amounts = "from rollup where period = 'hour' and total is not null"
    query = f"select min(bucket), max(bucket_end), count(*) {amounts} and series_id = %s"
    with homes.connection.transaction():
        found = homes.connection.execute(query, (series,)).fetchone()
    assert found == (FIRST, LAST, 8760)
    midnight = datetime(2016, 8, 1, tzinfo=timezone(timedelta(hours=-8)))
    assert FIRST + timedelta(hours=1) == midnight


def test_the_year_that_the_data_begin_in_has_no_figure(homes: Homes) -> None:
    with homes.connection.transaction():
        years = store.values(homes.connection, "electricity_emissions", CITY, "building-2", "year", FIRST, LAST)
    assert [year.value for year in years] == [None] * len(years)


def test_replaying_again_and_in_another_order_changes_nothing(homes: Homes, files: Files, database_url: str) -> None:
    before = homes.everything()
    again = homes.load("building_2")
    assert (again.stored, again.duplicate, again.quarantined) == (0, 2 * 8760, 0)
    homes.settle()
    assert homes.everything() == before
    with connect(database_url, "test") as connection:
        other = Homes(connection, files)
        for names in (NAMES[:1:-1], NAMES[1::-1]):
            for name in names:
                other.load(name)
            other.settle()
        assert other.everything() == before


def test_a_file_with_a_row_too_few_is_refused_and_one_out_of_step_from_there_on(
    files: Files, database_url: str, tmp_path: Path
) -> None:
    lines = files.path("building_2").read_text(encoding="utf-8").splitlines()
    short, shifted = tmp_path / "short.csv", tmp_path / "shifted.csv"
    short.write_text("\n".join(lines[:-1]), encoding="utf-8")
    shifted.write_text("\n".join([*lines[:8000], *lines[8001:], lines[-1]]), encoding="utf-8")
    with connect(database_url, "test") as connection:
        some = Homes(connection, files)
        with pytest.raises(MappingError, match="expected 8760 rows by the axis"):
            some.load("building_2", short)
        receipt = some.load("building_2", shifted)
    assert (receipt.stored, receipt.quarantined) == (2 * 7_999 + 2, 2 * 760)
