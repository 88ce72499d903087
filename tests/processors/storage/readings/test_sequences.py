"""Readings of many series in order: the same wherever they are kept, and however few are taken at once."""

from typing import Final

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.time import DAY, MINUTE, from_micros
from processors.storage.database import Connection
from processors.storage.readings.sequences import readings_in_order
from tests.processors.packed_readings import pack_readings
from tests.processors.storage.readings.test_blocks import CITY, START, batch, fill, write
from tests.stores import POSTGRESQL

pytestmark = pytest.mark.integration
__all__ = ["CITY"]  # whose catalogue the fixture is

KEPT: Final = """
    select
        array_position(%s, r.series_id) - 1, (extract(epoch from r.time) * 1000000)::bigint, r.value,
        (extract(epoch from r.received_at) * 1000000)::bigint, r.quality::int, coalesce(j.flags, 0)::int
    from reading r left join reading_quality j using (series_id, time)
    where r.series_id = any(%s) and r.time >= %s and r.time < %s
    order by 1, r.time
"""
Rows = list[tuple[object, ...]]


def taken(connection: Connection, series: list[int], start: int, end: int, at_once: int) -> Rows:
    """Return what comes, one portion after the other."""
    found: Rows = []
    for portion in readings_in_order(connection, series, start, end, at_once):
        columns = [portion.place, portion.time, portion.value, portion.received, portion.quality, portion.flags]
        assert len(portion) < at_once + 300, "a block is the most that is taken beyond what is asked for"
        found += zip(*(column.tolist() for column in columns), strict=True)
    return found


def kept(connection: Connection, series: list[int], start: int, end: int) -> Rows:
    """Return the same row by row."""
    return connection.execute(KEPT, (series, series, from_micros(start), from_micros(end))).fetchall()


def test_readings_come_in_order_from_rows_and_from_blocks_alike(
    connection: Connection, catalogue: Catalogue, store: str
) -> None:
    series = sorted(catalogue.series, reverse=True)
    for one in series:
        times = fill(connection, one)
        connection.execute(
            "insert into reading_quality values (%s, %s, 9, 1), (%s, %s, 4, 1)",
            (one, from_micros(times[5]), one, from_micros(times[-1])),
        )
    spans = [(START - DAY, START + 40 * DAY), (START + 3 * DAY + MINUTE, START + 17 * DAY), (0, START)]
    before = [kept(connection, series, *span) for span in spans]
    assert [len(rows) for rows in before] == [1368, 934, 0]
    assert {row[-1] for row in before[0]} == {0, 4, 9}
    for where in ("rows", "blocks", "some of both"):
        for at_once in (7, 100, 200_000):
            assert [taken(connection, series, *span, at_once) for span in spans] == before
        if where == "rows":
            pack_readings(connection)
        elif where == "blocks":  # a late reading makes rows of its block again
            write(connection, batch(series[0], [START + 9 * DAY + MINUTE], [1.5]))
            before = [kept(connection, series, *span) for span in spans]
    assert connection.execute("select count(*) > 0 from observation").fetchone() == (True,)
    packs = connection.execute("select count(*) > 0 from observation_block").fetchone()
    assert packs == (store == POSTGRESQL,)  # TimescaleDB compresses them itself
