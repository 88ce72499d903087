"""Where sites stand by an indicator, and between which places they may stand by the bounds of all figures."""

from datetime import UTC, datetime
from itertools import permutations, product

import pytest

from kpi_engine.figures.ranking import RankingOrder, ranking
from kpi_engine.figures.store import StoredFigure
from kpi_engine.indicator import Better

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def figure(site: str, value: float | None, lower: float | None = None, upper: float | None = None) -> StoredFigure:
    """Return the figure of a site; without bounds its value is exact."""
    lower, upper = (value if end is None else end for end in (lower, upper))
    return StoredFigure(1, "kpi", "town", site, "month", NOW, NOW, value, lower, upper, "m3", 1.0, 0.0, "final", None,
                        NOW, [], "", "2.1", "", 1, NOW, None, None, None, due=False)  # fmt: skip


def places(*figures: StoredFigure, order: RankingOrder = RankingOrder.LARGEST) -> list[tuple[str | None, object]]:
    return [(one.figure.site, (one.rank, one.best_rank, one.worst_rank)) for one in ranking(figures, order)]


def test_exact_figures_have_one_place_each_and_equal_ones_the_same() -> None:
    assert places(figure("a", 1.0), figure("b", 3.0), figure("c", 3.0), figure("d", 2.0)) == [
        ("b", (1, 1, 1)),
        ("c", (1, 1, 1)),
        ("d", (3, 3, 3)),
        ("a", (4, 4, 4)),
    ]


def test_the_smallest_come_first_where_that_is_asked_for() -> None:
    ranked = places(figure("a", 1.0), figure("b", 3.0), order=RankingOrder.SMALLEST)

    assert ranked == [("a", (1, 1, 1)), ("b", (2, 2, 2))]


def test_sites_to_look_at_first_are_those_farthest_from_better() -> None:
    assert RankingOrder.worst_first(Better.LOWER) is RankingOrder.LARGEST
    assert RankingOrder.worst_first(Better.HIGHER) is RankingOrder.SMALLEST
    assert RankingOrder.worst_first(Better.NEITHER) is RankingOrder.LARGEST


def test_overlapping_bounds_leave_the_place_open() -> None:
    assert places(figure("a", 5.0, 4.0, 6.0), figure("b", 4.5, 3.0, 5.0), figure("c", 1.0, 0.0, 2.0)) == [
        ("a", (1, 1, 2)),
        ("b", (2, 1, 2)),
        ("c", (3, 3, 3)),
    ]


def test_a_site_without_a_value_is_last_and_may_stand_anywhere_its_bounds_allow() -> None:
    unknown = StoredFigure(**{**vars(figure("x", None)), "reason": "no reading"})

    assert places(unknown, figure("a", 2.0), figure("b", 1.0), figure("y", None, 0.0, 1.5)) == [
        ("a", (1, 1, 2)),
        ("b", (2, 2, 4)),
        ("x", (None, 1, 4)),
        ("y", (None, 2, 4)),
    ]


@pytest.mark.parametrize("order", RankingOrder)
def test_every_truth_within_the_bounds_leaves_each_site_between_its_places(order: RankingOrder) -> None:
    bounds = {"a": (1.0, 4.0), "b": (3.0, 5.0), "c": (2.0, 2.0), "d": (6.0, 7.0)}
    figures = [figure(site, (low + high) / 2, low, high) for site, (low, high) in bounds.items()]
    sign = 1.0 if order is RankingOrder.LARGEST else -1.0
    for shuffled in permutations(figures):
        allowed = {one.figure.site: (one.best_rank, one.worst_rank) for one in ranking(shuffled, order)}
        seen: dict[str, set[int]] = {site: set() for site in bounds}
        for truth in product(*bounds.values()):
            by_site = dict(zip(bounds, truth, strict=True))
            for site, value in by_site.items():
                seen[site].add(1 + sum(sign * other > sign * value for other in truth))
        assert allowed == {site: (min(ranks), max(ranks)) for site, ranks in seen.items()}
