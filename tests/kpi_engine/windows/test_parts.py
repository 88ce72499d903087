"""Parts of few meters: windows of the same meters share them, and no others do."""

from ingest.model.time import HOUR
from kpi_engine.boundary.meter_entry import MeterEntry
from kpi_engine.boundary.metering import MeterSet
from kpi_engine.windows.meter_columns import KnownMeters
from kpi_engine.windows.parts import Cutting, parts
from kpi_engine.windows.rollup_tables import RollupTables

ALWAYS = (-(2**60), 2**60)
METERS = MeterSet((MeterEntry("a", {}, *ALWAYS, "heat"), MeterEntry("b", {}, *ALWAYS, "gas")))


def test_windows_of_the_same_meters_share_parts_and_amounts() -> None:
    cutting, known = Cutting(), KnownMeters({}, RollupTables({}))
    one, other = (cutting.parts(METERS, None, 0, HOUR, "UTC") for _ in range(2))

    assert one is other
    assert known.meters(one) is known.meters(other)
    assert one == parts(METERS.entries, 0, HOUR, "UTC")


def test_other_meters_carriers_and_times_have_parts_of_their_own() -> None:
    cutting = Cutting()

    assert [part.meter.name for part in cutting.parts(METERS, None, 0, HOUR, "UTC")] == ["a", "b"]
    assert [part.meter.name for part in cutting.parts(METERS, "gas", 0, HOUR, "UTC")] == ["b"]
    assert [part.end for part in cutting.parts(METERS, "gas", 0, 2 * HOUR, "UTC")] == [2 * HOUR]


def test_meters_that_are_gone_lend_nothing_to_those_that_come_after_them() -> None:
    cutting = Cutting()
    for number in range(100):  # each set is made where the one before was, unless that is still held
        passing = MeterSet((MeterEntry(f"m{number}", {}, *ALWAYS),))
        assert [part.meter.name for part in cutting.parts(passing, None, 0, HOUR, "UTC")] == [f"m{number}"]
        del passing
