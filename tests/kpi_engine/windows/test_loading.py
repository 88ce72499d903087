"""Parts of a window: of how much of its middle nothing is known, however the parts are cut."""

from ingest.model.time import HOUR
from kpi_engine.windows.meter_amounts import hole
from processors.steps.rollup import Rollup


def hour(start: int, total: float = 1.0, covered: tuple[int, int] | None = None) -> Rollup:
    begin, end = covered or (start, start + 1)
    return Rollup(start * HOUR, (start + 1) * HOUR, total=total, covered_from=begin * HOUR, covered_to=end * HOUR)


def test_adjoining_parts_have_no_hole() -> None:
    assert hole([hour(0), hour(1), hour(2)]) == 0.0


def test_a_part_that_is_not_stored_is_a_hole() -> None:
    assert hole([hour(0), hour(2)]) == 3600.0


def test_a_part_without_knowledge_is_no_hole_at_the_rim() -> None:
    assert hole([Rollup(0, HOUR), hour(1), hour(2)]) == 0.0
