"""Many meters in columns: whatever is stored of them, the same entries and the same bits as one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from math import inf
from random import Random

import numpy as np
import pytest

from ingest.model.calendar import Period, floor
from ingest.model.catalogue import Catalogue, Ids, Series
from ingest.model.time import HOUR, SECOND
from kpi_engine.boundary.meter_entry import MeterEntry
from kpi_engine.boundary.meter_table import MeterTable
from kpi_engine.evidence import amounts
from kpi_engine.evidence.amount_columns import EntryColumns
from kpi_engine.formulas.bucket_cover import Tile, tiles
from kpi_engine.window import Window
from kpi_engine.windows.meter_columns import ColumnMeters, KnownMeters
from kpi_engine.windows.parts import ManyParts, parts
from kpi_engine.windows.rollup_tables import RollupTable, RollupTables
from kpi_engine.windows.rollups import READ
from processors.steps.columns import ABSENT
from processors.steps.rollup import Rollup
from tests import towns
from tests.towns import Declared, heat_meter, sending

ZONE = "Europe/Copenhagen"
START = floor(1_772_323_200_000_000, Period.DAY, ZONE)
END = START + 30 * HOUR  # a day and six hours: seven tiles
QUANTITY = "heat_energy"
NET = sending(QUANTITY, register_contract={"on_decrease": "net"})
FAST = sending(QUANTITY, register_contract={"max_increase_per_hour": 50.0})
INTERVAL = sending(QUANTITY, kind="interval")


def _series() -> list[Series]:
    kinds: dict[str, str | Declared] = {"plain": QUANTITY, "net": NET, "fast": FAST, "interval": INTERVAL}
    devices = [heat_meter(one, name=f"{name}-{place}") for name, one in kinds.items() for place in range(10)]
    city = towns.city(*devices, name="town", zone=ZONE)
    ids = count(1)
    series = {(city.name, d.name, s.quantity): next(ids) for d in city.devices for s in d.series}
    catalogue = Catalogue([city], Ids({(city.name, d.name): next(ids) for d in city.devices}, series))
    return list(catalogue.series.values())


SERIES = _series()
NUMBERS = [0.0, 1e-3, 0.1, 0.3, 7.0, 1e6 / 3, 12.0]


class Oddly(Random):
    """Chance that is mostly on the side of what is usual."""

    def seldom(self) -> bool:
        """Whether something odd is the case."""
        return self.random() < 0.01

    def number(self) -> float:
        """Return an amount."""
        return self.choice(NUMBERS)


def rollup(odd: Oddly, tile: Tile) -> Rollup:
    """Return what is stored of a bucket: mostly whole, with every oddity now and then."""
    start, end = tile.bucket, tile.bucket_end
    seconds = (end - start) / SECOND
    crosses, leaves, fades = odd.random() < 0.5, odd.random() < 0.5, odd.seldom()
    late, early, silent = odd.seldom(), odd.seldom(), odd.seldom()
    return Rollup(
        start,
        end,
        count=odd.randint(0, 5),
        minimum=odd.number(),
        maximum=odd.number(),
        total=None if odd.seldom() else odd.number() * (-1.0 if odd.seldom() else 1.0),
        estimated=odd.number() if odd.seldom() else 0.0,
        measured=seconds * (0.5 if fades else 1.0),
        covered_from=None if silent else start + late * SECOND,
        covered_to=None if silent else end - early * SECOND,
        measured_from=None if silent else start,
        measured_to=None if silent else end - fades * SECOND,
        interpolated=None if odd.seldom() else (seconds * 0.25 if fades else 0.0),
        estimated_time=None if odd.seldom() else (seconds * 0.25 if fades else 0.0),
        pause=None if odd.seldom() else odd.choice([60.0, 3600.0]),
        first_at=None if silent else start + odd.randint(0, 100) * SECOND,
        last_at=None if silent else end - odd.randint(1, 100) * SECOND,
        entry_seconds=odd.choice([30.0, 700.5]) if crosses else None,
        entry_amount=odd.number() if crosses else None,
        exit_seconds=odd.choice([30.0, 1e5]) if leaves else None,
        exit_amount=odd.number() if leaves else None,
        doubt_below=odd.number() if odd.seldom() else None,
        doubt_above=odd.choice([1.0, inf]) if odd.seldom() else None,
        peak=None if odd.seldom() else float(np.float32(odd.number())),
    )


def tables(stored: Mapping[tuple[int, Tile], Rollup]) -> RollupTables:
    found = {}
    for tile in {tile for _, tile in stored}:
        rows = sorted((series, rollup) for (series, one), rollup in stored.items() if one == tile)
        columns = {
            name: np.array([_number(getattr(rollup, name), kind.value) for _, rollup in rows])
            for name, kind in READ.items()
        }
        found[tile] = RollupTable(np.array([series for series, _ in rows]), columns)
    return RollupTables(found)


def _number(value: float | None, kind: str) -> float | int:
    if value is not None:
        return value
    return np.nan if "f" in kind else ABSENT


def meters(every: Sequence[Series]) -> list[MeterEntry]:
    """Return a meter for each series: the second came late, the third lacks it, and the last is valid twice."""
    found = [MeterEntry(f"m{99 - one.series_id}", {QUANTITY: one}, -(2**60), 2**60, "heat") for one in every]
    found[1] = replace(found[1], valid_from=START + 2 * HOUR)
    found[2] = replace(found[2], series={})
    found[-1] = replace(found[-1], valid_to=START + 5 * HOUR)
    return [*found, replace(found[-1], valid_from=START + 6 * HOUR, valid_to=2**60)]


def town_stored(odd: Oddly) -> dict[tuple[int, Tile], Rollup]:
    spans = [*((START + begin * HOUR, END) for begin in (0, 2, 6)), (START, START + 5 * HOUR)]
    cut = sorted({tile for span in spans for tile in tiles(*span, ZONE)}, key=lambda tile: (tile.period, tile.bucket))
    keys = [(one.series_id, tile) for one in SERIES for tile in cut]
    return {key: rollup(odd, key[1]) for key in keys if not odd.seldom()}


@pytest.mark.long
@pytest.mark.parametrize("hours", [24, 30])
@pytest.mark.parametrize("seed", range(4))
def test_many_meters_come_to_the_same_entries_and_sums_as_one_by_one(seed: int, hours: int) -> None:
    stored, end = town_stored(Oddly(seed)), START + hours * HOUR
    entries = meters(SERIES)
    known = KnownMeters(stored, tables(stored))
    many = known.meters(ManyParts(MeterTable(tuple(entries)), START, end, ZONE))
    single = known.meters(parts(entries, START, end, ZONE))
    assert isinstance(many, ColumnMeters)

    columns, listed = (amounts.amounts(one, QUANTITY, START, end) for one in (many, single))
    assert isinstance(columns, EntryColumns)
    assert 5 < len(many.column(QUANTITY).others) < len(entries) - 1, "some of both kinds"
    assert list(map(repr, columns)) == list(map(repr, listed))
    for of in (amounts.bounded, amounts.coverage, amounts.estimated_share, amounts.reason, amounts.digest):
        assert repr(of(columns)) == repr(of(listed))
    known_ones = tuple(one for one in listed if one.amount is not None)
    pairs = [(columns, EntryColumns.of(known_ones)), (listed, known_ones)]
    assert amounts.bounded(*pairs[0]) == amounts.bounded(*pairs[1])
    assert amounts.coverage(*pairs[0]) == amounts.coverage(*pairs[1])
    assert Window(START, end, many).reach() == Window(START, end, single).reach()
    assert many.whole(QUANTITY) == {
        (one.name, one.role): amount.rollup.total
        for one in single
        if (amount := one.amounts.get(QUANTITY)) and amount.rollup.is_bounded and amount.rollup.total is not None
    }
