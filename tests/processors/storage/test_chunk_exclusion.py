"""A year of a series is read from the chunks or partitions of that year and from no others."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kpi_engine.api import observation_columns
from processors.storage.database import Connection, connect

pytestmark = pytest.mark.integration

ZONE = ZoneInfo("Europe/Copenhagen")
DAY = (datetime(2023, 7, 1, tzinfo=ZONE), datetime(2023, 7, 2, tzinfo=ZONE))
YEAR = (datetime(2023, 1, 1, tzinfo=ZONE), datetime(2024, 1, 1, tzinfo=ZONE))
FILL = """
    insert into observation (time, received_at, value, series_id, source_id, quality)
    select at, at, 1, series, 1, 0
    from generate_series('2021-01-01'::timestamptz, '2025-12-31', '1 day') at, generate_series(1, 3) series
"""


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as session:
        session.autocommit = True
        session.execute("select ensure_partitions('2021-01-01', '2025-12-31')")
        session.execute(FILL)
        yield session


@pytest.mark.parametrize(("span", "most"), [(DAY, 2), (YEAR, 14)])
def test_readings_of_local_days_are_looked_for_where_they_can_be(
    connection: Connection, span: tuple[datetime, datetime], most: int
) -> None:
    parameters = {"series_id": 1, "start": span[0], "end": span[1], "after": None, "limit": 10_000}
    plan = _plan(connection, observation_columns.SQL["api_observations"], parameters)
    assert 1 <= len(_scanned(plan)) <= most


def test_an_aggregate_by_local_day_over_a_year_reads_that_year(connection: Connection) -> None:
    query = """
        select date_trunc('day', time, 'Europe/Copenhagen'), avg(value) from observation
        where series_id = %(series_id)s and time >= %(start)s and time < %(end)s group by 1
    """
    plan = _plan(connection, query, {"series_id": 1, "start": YEAR[0], "end": YEAR[1]})
    assert 12 <= len(_scanned(plan)) <= 14


def test_hours_of_a_year_are_found_by_key(connection: Connection) -> None:
    connection.execute(
        "insert into rollup_hour (series_id, bucket, bucket_end, count, estimated, measured, weighted)"
        " select s, b, b + interval '1 hour', 1, 0, 1, 1"
        " from generate_series('2023-01-01'::timestamptz, '2023-12-31', '1 hour') b, generate_series(1, 5) s"
    )
    connection.execute("analyze rollup_hour")
    query = (
        "select total from rollup where period = 'hour' and series_id = 1 and bucket >= %(start)s and bucket < %(end)s"
    )
    day = {"start": datetime(2023, 7, 1, tzinfo=UTC), "end": datetime(2023, 7, 2, tzinfo=UTC)}
    plan = _plan(connection, query, day)
    assert "rollup_hour_pkey" in plan
    assert "Seq Scan" not in plan


def _plan(connection: Connection, query: str, parameters: Mapping[str, object]) -> str:
    return "\n".join(row[0] for row in connection.execute(f"explain (analyze, costs off) {query}".encode(), parameters))


def _scanned(plan: str) -> set[str]:
    """Return the chunks or partitions a plan looked into."""
    lines = [line for line in plan.splitlines() if "Scan" in line and "never executed" not in line]
    return {found for line in lines for found in re.findall(r"_hyper_\d+_\d+_chunk|observation_\d{4}_\d{2}", line)}
