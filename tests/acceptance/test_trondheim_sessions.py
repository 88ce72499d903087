"""6,878 charging sessions of Trondheim: from their file to figures that equal the file's own arithmetic.

Sorensen et al. 2021, Data in Brief, doi 10.1016/j.dib.2021.106923 (CC-BY-4.0). Expected values are sums over the file
alone; the month of a session is that of its local plug-in, as the file says it.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from math import fsum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest.history import mapping_kinds
from ingest.history.session_mapping import Days, SessionMapping
from ingest.model.city import city_file
from ingest.model.session import SessionFlag
from ingest.model.time import to_micros
from kpi_engine.engine.engine import Engine
from kpi_engine.figures import store
from processors.rollups.worker import RollupWorker
from processors.sessions.known import known_sessions, points
from processors.sessions.replay import SessionHistory
from processors.storage.database import Connection, connect
from processors.storage.readings.ledger import Receipt, accounts
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from processors.storage.sessions.sink import SessionSink
from tests.computed import compute, contents, few_indicators

pytestmark = [pytest.mark.integration, pytest.mark.reference_data, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Europe/Oslo")
NOW = to_micros(datetime(2020, 4, 1, tzinfo=UTC))  # two months after the last session: all figures of them are final
START, END = datetime(2018, 12, 1, tzinfo=ZONE), datetime(2020, 2, 1, tzinfo=ZONE)
ROLLUPS = """
    select period, quantity, name, bucket, count, total, measured, covered_from, covered_to
    from rollup join series using (series_id) join device using (device_id)
"""
AROUND_THE_CLOCKS = date(2019, 10, 22), date(2019, 11, 7)  # a day of 25 hours, the end of a month, many sessions
LOOKED_AT = ("ev_charging_sessions", "ev_charging_energy")
TOTAL_KWH, SESSIONS, MISSING_PLUG_OUTS = 87_493.28, 6_878, 34


@pytest.fixture(scope="module")
def session_file(reference_data: Path) -> Path:
    return reference_data / "ev_charging" / "trondheim_sessions_2018_2020.csv"


@pytest.fixture(scope="module")
def rows(session_file: Path) -> list[dict[str, str]]:
    with session_file.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def month(row: dict[str, str]) -> str:
    _, month, year = row["Start_plugin"].split(" ")[0].split(".")
    return f"{year}-{month}"


def day(row: dict[str, str]) -> date:
    return datetime.strptime(row["Start_plugin"].split(" ")[0], "%d.%m.%Y").date()  # noqa: DTZ007 - a civil day


def kwh(row: dict[str, str]) -> float:
    return float(row["El_kWh"].replace(",", "."))


class Garages:
    """Everything from the file to the figures, in one process."""

    def __init__(self, connection: Connection, complete: Days | None = None) -> None:
        """``complete``: the days that a part of the file has every session of; without them those of the file."""
        self.connection, self._complete = connection, complete
        self.catalogue = sync(connection, [city_file.load(ROOT / "deploy/cities/trondheim.yaml")])
        connection.commit()

    def load(self, path: Path) -> Receipt:
        """Replay a file."""
        mapping = mapping_kinds.load(ROOT / "deploy/mappings/trondheim-sessions.yaml")
        assert isinstance(mapping, SessionMapping)
        if self._complete:
            mapping = mapping.model_copy(update={"complete": self._complete})
        sink = SessionSink(self.connection, self.catalogue, f"replay:{mapping.name}")
        history = SessionHistory(mapping, self.catalogue, "trondheim")
        total = sum((receipt for _, receipt in history.replay(path, sink, NOW)), Receipt())
        history.finish(sink)
        return total

    def roll_up(self) -> None:
        """Bring the rollups up to date."""
        worker = RollupWorker(RollupStore(self.connection), lambda: self.catalogue)
        while worker.cycle().spans:
            pass

    def months(self, kpi: str, period: str = "month") -> dict[str, store.StoredFigure]:
        """Return the figures of the city as a whole, by civil month."""
        with self.connection.transaction():
            values = store.values(self.connection, kpi, "trondheim", None, period, START, END)
        return {f"{value.period_start.astimezone(ZONE):%Y-%m}": value for value in values}

    def rollups(self) -> tuple[object, ...]:
        """Return a digest of every rollup as it is stored."""
        return contents(self.connection, ROLLUPS)


@pytest.fixture(scope="module")
def loaded(module_database_url: str, session_file: Path) -> Iterator[Garages]:
    """Return the garages with the whole file, loaded once for the tests that only look."""
    with connect(module_database_url, "test") as connection:
        garages = Garages(connection)
        receipt = garages.load(session_file)
        assert receipt == Receipt(stored=SESSIONS)
        garages.roll_up()
        with few_indicators(LOOKED_AT):
            compute(Engine(connection), NOW)
        yield garages


def test_every_session_counts_in_the_month_of_its_local_plug_in(loaded: Garages, rows: list[dict[str, str]]) -> None:
    figures = loaded.months("ev_charging_sessions")
    assert {name: value.value for name, value in figures.items()} == Counter(map(month, rows))
    assert sum(value.value or 0 for value in figures.values()) == SESSIONS


def test_the_energy_of_the_months_is_that_of_their_sessions(loaded: Garages, rows: list[dict[str, str]]) -> None:
    figures = loaded.months("ev_charging_energy")
    for name, value in figures.items():
        assert value.value == pytest.approx(fsum(kwh(row) for row in rows if month(row) == name), abs=1e-6)
        assert (value.status, value.coverage, value.estimated_share) == ("final", 1.0, 0.0)
    assert fsum(value.value or 0 for value in figures.values()) == pytest.approx(TOTAL_KWH, abs=1e-6)


def test_missing_plug_outs_are_flagged_and_no_energy_is_in_doubt(loaded: Garages) -> None:
    with loaded.connection.transaction():
        every = points(loaded.catalogue, ["trondheim"], None, None)
        found = known_sessions(loaded.connection, loaded.catalogue, every, to_micros(START), to_micros(END))
    flags = Counter(flag for one in found for flag in one.session.flags)
    assert (len(found), flags[SessionFlag.MISSING_PLUG_OUT]) == (SESSIONS, MISSING_PLUG_OUTS)
    assert flags.keys() <= {SessionFlag.MISSING_PLUG_OUT, SessionFlag.OVERLAP}
    assert fsum(one.session.counted_kwh or 0 for one in found) == pytest.approx(TOTAL_KWH, abs=1e-6)


def test_replaying_again_changes_nothing(loaded: Garages, session_file: Path) -> None:
    before = loaded.rollups()
    assert loaded.load(session_file) == Receipt(duplicate=SESSIONS)
    with loaded.connection.transaction():
        assert loaded.connection.execute("select count(*) from observation_mark").fetchone() == (0,)
        [account] = accounts(loaded.connection, "trondheim")
    loaded.roll_up()
    assert loaded.rollups() == before
    assert (account.received, account.stored, account.duplicate) == (2 * SESSIONS, SESSIONS, SESSIONS)
    assert account.is_balanced


def test_reversed_order_in_portions_with_rollups_between_gives_the_same(
    database_url: str,
    another_database_url: str,
    session_file: Path,
    rows: list[dict[str, str]],
    tmp_path: Path,
) -> None:
    """Of two weeks with a change of the clocks and the end of a month: every rollup there is."""
    header, *every = session_file.read_text(encoding="utf-8").splitlines()
    first, end = AROUND_THE_CLOCKS
    complete = Days.model_validate({"from": first, "to": end})
    lines = [line for line, row in zip(every, rows, strict=True) if first <= day(row) < end]
    assert len(lines) > 300
    part = tmp_path / "part.csv"
    with connect(another_database_url, "test") as connection:
        part.write_text("\n".join([header, *lines]), encoding="utf-8")
        in_order = Garages(connection, complete)
        in_order.load(part)
        in_order.roll_up()
        expected = in_order.rollups()
    lines.reverse()
    third = len(lines) // 3
    with connect(database_url, "test") as connection:
        for begin in (0, third, 2 * third):
            part.write_text("\n".join([header, *lines[begin : begin + third + 100]]), encoding="utf-8")
            again = Garages(connection, complete)  # as after a restart
            again.load(part)
            again.roll_up()
        assert again.rollups() == expected


def test_who_charged_is_kept_nowhere(loaded: Garages, rows: list[dict[str, str]]) -> None:
    users = {row["User_ID"] for row in rows}
    with loaded.connection.transaction():
        tables = loaded.connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        for table in ("charging_session", "charging_session_version", "quarantine", "device"):
            assert (table,) in tables
            text = str(loaded.connection.execute(f"select * from {table}").fetchall())  # noqa: S608 - names above
            assert not [user for user in users if f"'{user}'" in text]
