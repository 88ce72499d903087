"""Awkward registers, gauges and intervals with known results, from a history file to what HTTP says, on both stores.

All cases live in one database, a city each. They arrive in two ways: as history files; and as live messages, backwards,
repeated, in batches of every size, between cycles of workers that come and go. What HTTP says it says of rollups:
where those are the same as of the history files in PostgreSQL, it says the same.
"""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import compress, count
from typing import Any, Final

import pytest

from ingest.history.mapping import Mapping
from ingest.model.city import city_file
from ingest.model.observation import RawMessage
from ingest.model.time import MINUTE, to_micros
from kpi_engine.api.aggregates import Interval, buckets
from kpi_engine.api.bucket import Bucket
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import SeriesFilters, find
from processors.intake.replay import History
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.sink import Sink
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.processors import golden_cases
from tests.processors.golden_cases import PERIODS, Case, civil_sums
from tests.processors.stored_readings import drain
from tests.stores import POSTGRESQL, TIMESCALEDB, Stores

pytestmark = pytest.mark.integration

CASES: Final = golden_cases.load()
BY_NAME: Final = [pytest.param(case, id=case.folder.name) for case in CASES]
ARRIVED: Final = to_micros(datetime(2028, 2, 1, tzinfo=UTC))
ROLLUPS: Final = "select to_jsonb(rollup) - 'updated_at' from rollup order by series_id, period, bucket"
MARK_EVERYTHING: Final = (
    "insert into observation_mark (series_id, from_time, to_time)"
    " select series_id, min(time), max(time) from observation group by 1"
)
SERIAL_NUMBER: Final = "serial_number"
BEGIN: Final = "begin"
AT_ONCE: Final = (1, 90, 7, 200, 2, 40)  # messages
A_MOMENT: Final = timedelta(seconds=1)


class Loaded:
    """A database that holds every case; ``receipts`` say what became of the readings of each city."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.receipts: dict[str, Receipt] = {}
        self.catalogue = sync(connection, [city_file.load(case.folder / "city.yaml") for case in CASES])

    def replay(self) -> dict[str, Receipt]:
        """Load the history file of each case, then roll up; returns what became of its readings."""
        receipts = self._load(CASES)
        drain(self.worker())
        return receipts

    def _load(self, cases: list[Case]) -> dict[str, Receipt]:
        receipts = {}
        stream = Stream(Sink(self.connection, self.catalogue, "replay:golden"), self.catalogue)
        for case in cases:
            history = History(_mapping(case), self.catalogue, case.name)
            parts = history.replay(case.folder / "input.csv", stream, ARRIVED)
            receipts[case.name] = sum((receipt for _, receipt in parts), Receipt())
        return receipts

    def deliver_backwards(self) -> None:
        """Let the readings arrive as live messages, last ones first and twice, a few at a time, while workers work.

        What clocks on the wall said comes in files only.
        """
        self._load([case for case in CASES if case.clocks])
        left = [message for case in CASES if not case.clocks for message in _messages(case) for _ in range(2)][::-1]
        streams = [Stream(Sink(self.connection, self.catalogue, "mqtt"), self.catalogue) for _ in range(2)]
        for number in count():
            if not left:
                break
            size = AT_ONCE[number % len(AT_ONCE)]
            streams[number % 2].accept(left[:size])
            left = left[size:]
            if number % 3 == 0:
                self.worker().cycle()
        drain(self.worker())

    def worker(self) -> RollupWorker:
        """Return a worker that remembers nothing."""
        return RollupWorker(RollupStore(self.connection), CurrentCatalogue(self.connection))

    def rollups(self) -> list[dict[str, Any]]:
        """Return everything that is rolled up."""
        return [row for (row,) in self.connection.execute(ROLLUPS)]

    def rejected(self, case: Case, period: str, start: datetime) -> int:
        """Return how many readings of a bucket did not happen."""
        query = "select rejected from rollup where series_id = %s and period = %s and bucket = %s"
        row = self.connection.execute(query, (self._series(case), period, start)).fetchone()
        return row[0] if row else 0

    def totals(self, case: Case) -> dict[str, float]:
        """Return what the hours, the days and the months of a case sum up to."""
        query = "select period, coalesce(sum(total), 0) from rollup where series_id = %s group by period"
        return dict(self.connection.execute(query, (self._series(case),)).fetchall())

    def _series(self, case: Case) -> int:
        return self.catalogue.devices[case.name, "meter"].series[case.quantity].series_id

    def buckets(self, case: Case, period: str, start: datetime, end: datetime) -> list[Bucket]:
        """Return what HTTP says of the meter of a case."""
        (series,) = find(self.connection, [case.name], SeriesFilters())
        found = buckets(
            self.connection, series, Interval(period), TimeRange(to_micros(start), to_micros(end)), ARRIVED + MINUTE
        )
        return [Bucket(**row) for row in found.iter_rows(named=True)]


def _mapping(case: Case) -> Mapping:
    return Mapping.model_validate(
        {
            "name": "golden",
            "source": "worked out by hand",
            **{name: case.clocks.get(name, {"column": name}) for name in ("time", BEGIN) if name in case.columns},
            "device": {"column": "device"},
            "values": [{"column": case.quantity, "quantity": case.quantity}],
            "serial_number": SERIAL_NUMBER if SERIAL_NUMBER in case.columns else None,
        }
    )


def _messages(case: Case) -> list[RawMessage]:
    with (case.folder / "input.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        RawMessage(
            f"pharos/v1/{case.name}/{row['device']}/telemetry",
            json.dumps(
                {"time": row["time"], "values": {case.quantity: float(row[case.quantity])}}
                | {name: row[name] for name in (SERIAL_NUMBER, BEGIN) if row.get(name)}
            ).encode(),
            ARRIVED,
        )
        for row in rows
    ]


@contextmanager
def empty(stores: Stores, store: str = POSTGRESQL) -> Iterator[Loaded]:
    """Yield a database that knows every case and has no reading."""
    with stores[store].database(is_migrated=True) as url, connect(url, "test") as connection:
        connection.autocommit = True
        yield Loaded(connection)


@pytest.fixture(scope="module")
def loaded(stores: Stores) -> Iterator[Loaded]:
    with empty(stores) as found:
        found.receipts = found.replay()
        yield found


@pytest.mark.parametrize("case", BY_NAME)
def test_what_was_counted_is_in_the_civil_buckets_it_belongs_to(loaded: Loaded, case: Case) -> None:
    for period in PERIODS:
        expected = list(civil_sums(case, period))
        if expected:
            found = loaded.buckets(case, period, expected[0].start, expected[-1].end)
            assert [(one.start, one.end) for one in found] == [(one.start, one.end) for one in expected]
            certain = [not case.is_uncertain(one.start, one.end) for one in expected]
            assert [one.mean if case.is_gauge else one.sum for one in compress(found, certain)] == [
                _about(one.mean if case.is_gauge else one.amount) for one in compress(expected, certain)
            ]
            for one, about in zip(found, expected, strict=True):
                assert about.amount is None or case.is_gauge or _lies_within(about.amount, one)


def _lies_within(amount: float, bucket: Bucket) -> bool:
    lower, upper = (amount if end is None else end for end in (bucket.lower, bucket.upper))
    return lower <= amount + 1e-9 and amount <= upper + 1e-9


@pytest.mark.parametrize("case", BY_NAME)
def test_buckets_worked_out_by_hand_are_as_expected(loaded: Loaded, case: Case) -> None:
    for period, expected in case.expected.get("buckets", {}).items():
        for start, fields in expected.items():
            (found,) = loaded.buckets(case, period, start, start.astimezone(UTC) + A_MOMENT)
            has = {name: value for name, value in found.model_dump().items() if name in fields}
            if "rejected" in fields:
                has["rejected"] = loaded.rejected(case, period, start)
            assert has == {name: _about(value) for name, value in fields.items()}


@pytest.mark.parametrize("case", BY_NAME)
def test_hours_days_and_months_conserve_what_was_counted(loaded: Loaded, case: Case) -> None:
    if (total := case.expected.get("total")) is not None:
        assert loaded.totals(case) == dict.fromkeys(("hour", "day", "month"), _about(total))


@pytest.mark.parametrize("case", BY_NAME)
def test_every_reading_of_a_case_is_accounted_for(loaded: Loaded, case: Case) -> None:
    assert loaded.receipts[case.name] == Receipt(**case.expected["receipt"])


def test_loading_everything_again_changes_no_figure(loaded: Loaded) -> None:
    before = loaded.rollups()
    again = loaded.replay()
    assert all(receipt.stored == receipt.conflict == 0 for receipt in again.values())
    assert loaded.rollups() == before
    loaded.connection.execute("truncate rollup_row, rollup_block")
    loaded.connection.execute(MARK_EVERYTHING)
    drain(loaded.worker())
    assert loaded.rollups() == before


def test_live_messages_backwards_and_repeated_lead_to_the_same_rollups(loaded: Loaded, stores: Stores) -> None:
    with empty(stores) as live:
        live.deliver_backwards()
        assert_same_rollups(live, loaded)
        assert all(receipt.stored == receipt.conflict == 0 for receipt in live.replay().values())
        assert_same_rollups(live, loaded)


def test_history_files_lead_to_the_same_rollups_on_timescaledb(loaded: Loaded, stores: Stores) -> None:
    with empty(stores, TIMESCALEDB) as other:
        assert other.replay() == loaded.receipts
        assert_same_rollups(other, loaded)


def assert_same_rollups(found: Loaded, expected: Loaded) -> None:
    rows, wanted = found.rollups(), expected.rollups()
    assert len(rows) == len(wanted)
    for row, other in zip(rows, wanted, strict=True):
        assert row == {name: _about(value) if isinstance(value, float) else value for name, value in other.items()}


def _about(value: float | None) -> object:
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)
