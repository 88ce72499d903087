"""Parts of a window: what is known ends at the first break, however the parts are cut."""

from ingest.model.time import HOUR
from kpi_engine.loading import unbroken
from processors.steps.rollup import Rollup


def hour(start: int, total: float = 1.0, covered: tuple[int, int] | None = None) -> Rollup:
    begin, end = covered or (start, start + 1)
    return Rollup(start * HOUR, (start + 1) * HOUR, total=total, covered_from=begin * HOUR, covered_to=end * HOUR)


def test_adjoining_parts_are_known_from_first_to_last() -> None:
    whole = unbroken([hour(0), hour(1), hour(2)], 0, 3 * HOUR)

    assert whole.is_bounded
    assert whole.total == 3.0


def test_a_part_that_is_not_stored_ends_what_is_known() -> None:
    broken = unbroken([hour(0), hour(2)], 0, 3 * HOUR)

    assert not broken.is_bounded
    assert broken.covered_to == HOUR


def test_a_part_without_knowledge_breaks_nothing_at_the_rim() -> None:
    assert unbroken([Rollup(0, HOUR), hour(1), hour(2)], 0, 3 * HOUR).covered_from == HOUR
