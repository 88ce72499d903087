"""Stored hours as they are read: the same whether they are rows, packed in blocks, or one in place of the other."""

from dataclasses import astuple, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.model.time import HOUR, SECOND, from_micros
from kpi_engine.windows.sent_hours import read_stored_hours
from processors.storage.rollups.blocks import HourBlocks
from tests.kpi_engine.conftest import at

if TYPE_CHECKING:
    from kpi_engine.windows.group_hours import StoredHours
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered",)
FIRST, LAST = "2026-03-01T00:00", "2026-04-01T00:00"
SPANS = [("2026-03-02T05:00", "2026-03-20T00:00"), ("2026-03-20T01:00", "2026-03-31T07:00")]  # blocks have more hours
READ_AT = """
    update rollup_row
    set first_at = bucket + interval '1 second', last_at = bucket + interval '2 seconds', estimated = 0.05
    where entry_seconds is not null
"""


def doubted(district: "District") -> list[int]:
    """Store hours of a register of which one is told oddly, and of a gauge of which one is known too little."""
    district.counts("meter-a", "heat_energy", FIRST, LAST, 1.5)
    district._store(
        "meter-a",
        "heat_energy",
        "2026-03-05T00:00",
        "2026-03-05T02:00",
        lambda one: replace(
            one,
            total=0.1,
            measured=900.0,
            interpolated=60.0,
            covered_from=one.bucket + 5 * SECOND,
            entry_seconds=60.0,
            entry_amount=0.5,
            doubt_above=0.25,
        ),
    )
    district.connection.execute(READ_AT)
    district.gauges("plant", "heat_emission_factor", FIRST, LAST, 0.3)
    district.forget("plant", "heat_emission_factor", "2026-03-07T00:00")
    return [district.series["meter-a", "heat_energy"], district.series["plant", "heat_emission_factor"]]


def pack(district: "District", series: list[int]) -> None:
    """Pack what is over."""
    before, blocks = from_micros(at("2026-03-30T00:00")), HourBlocks(district.connection)
    found = blocks.to_pack(series, before, 0.0, 100)
    assert found
    blocks.pack([(one.series_id, one.starts) for one in found], before)
    district.connection.commit()


def read(district: "District", series: list[int]) -> "StoredHours":
    spans = [(one, at(start), at(end)) for one in series for start, end in SPANS]
    found = read_stored_hours(district.connection, *np.array(spans, np.int64).T)
    district.connection.rollback()
    return found


def told(hours: "StoredHours") -> list[bytes]:
    columns = (hours.series, *astuple(hours.amounts), hours.levels, hours.estimated)
    return [np.asarray(one).tobytes() for one in columns]


def test_packed_hours_are_read_as_they_were_as_rows(district: "District") -> None:
    series = doubted(district)
    rows = read(district, series)
    pack(district, series)

    assert told(read(district, series)) == told(rows)
    assert len(rows.series) == 2 * ((at(SPANS[1][1]) - at(SPANS[0][0])) // HOUR - 1)
    odd = rows.amounts.total == 0.1
    assert rows.amounts.known[odd].tolist() == [960.0, 960.0]
    assert rows.amounts.doubt_above[odd].tolist() == [0.25, 0.25]
    assert rows.estimated[odd].tolist() == [0.05, 0.05]
    assert np.isnan(rows.levels[0, rows.series == series[1]]).sum() == 1


def test_an_hour_that_is_a_row_again_holds_in_place_of_the_packed_one(district: "District") -> None:
    series = doubted(district)
    pack(district, series)
    before = read(district, series)
    district.connection.execute("update rollup_block set is_open = true")
    district.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 9.0)
    after = read(district, series)

    assert len(after.series) == len(before.series)
    changed = np.flatnonzero(after.amounts.total != before.amounts.total)
    differing = [place for place in changed.tolist() if not np.isnan(after.amounts.total[place])]
    assert after.amounts.bucket[differing].tolist() == [at("2026-03-10T05:00")]
    assert after.amounts.total[differing].tolist() == [9.0]
