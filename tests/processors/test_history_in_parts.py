"""History computed again in parts: cycle by cycle and window by window, and what comes out is the same."""

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.time import DAY, HOUR, from_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.processors.rolled_up_city import START, declaring, reference, rollups, trace
from tests.processors.stored_readings import drain, store

pytestmark = pytest.mark.integration

CITY = declaring()


def test_history_is_computed_again_in_parts_while_what_is_live_goes_on(
    connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    (series,) = (one.series_id for one in catalogue.series.values() if one.quantity == "return_temperature")
    readings = [(series, START + number * 6 * HOUR, float(number % 7)) for number in range(4 * 365)]
    current = CurrentCatalogue(connection)
    store(connection, readings)
    drain(RollupWorker(RollupStore(connection), current))
    sync(connection, [parse(declaring(filling="PT9H"), "testville.yaml")])
    now = START + 3 * 365 * DAY
    store(connection, [(series, now, 50.0), (series, now + HOUR, 50.0)])
    monkeypatch.setattr("processors.rollups.cycle_size.MOST_HOURS", 200)
    cycles = [RollupWorker(RollupStore(connection), current).cycle()]  # a worker that ends after its first cycle
    live = connection.execute("select count(*) from rollup where period = 'hour' and bucket >= %s", [from_micros(now)])
    assert live.fetchone() != (0,)
    worker = RollupWorker(RollupStore(connection), current)
    while cycles[-1].spans:
        cycles.append(worker.cycle())
    assert len(cycles) > 6
    assert max(cycle.hours for cycle in cycles) < 3 * 31 * 24
    found = rollups(connection)
    monkeypatch.undo()
    connection.execute("truncate rollup_row, rollup_block")
    connection.execute(
        "insert into observation_mark (series_id, from_time, to_time)"
        " select series_id, min(time), max(time) from observation group by 1"
    )
    drain(RollupWorker(RollupStore(connection), current))
    assert found == rollups(connection)


@pytest.mark.parametrize("seed", range(2))
def test_windows_that_are_cut_give_the_same_rollups(
    database_url: str, connection: Connection, catalogue: Catalogue, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = trace(catalogue, seed)
    expected = reference(database_url, readings)
    monkeypatch.setattr("processors.rollups.worker.READINGS_AT_ONCE", 150)
    store(connection, readings)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert rollups(connection) == expected
