"""Facts of many sites: found once between two changes, and the same as site by site."""

import json
from itertools import pairwise

import numpy as np
import pytest

from kpi_engine.families.intensity import SiteFactColumns, SiteFacts, outcome_per, per, site_facts, unstated
from kpi_engine.families.sum_of_meters import sum_of_meters
from kpi_engine.indicator import DIGESTS, Inputs
from kpi_engine.ports.fact_columns import FactPieces, ManyFacts
from kpi_engine.window import FactSpan

SITES = 250
CHANGE = 50_000_000


class Areas(Inputs):
    """Floor areas."""

    floor_area_m2: SiteFacts


def spans(start: int, end: int) -> tuple[FactSpan, ...]:
    """Return areas that grow at the change, at all sites; the last one states none before 10 s."""
    cuts = [start, *([CHANGE] if start < CHANGE < end else []), end]
    return tuple(
        FactSpan(f"s{place}", a, b, 100.1 + place + (a >= CHANGE) if place < SITES - 1 or a >= 10_000_000 else None)
        for place in range(SITES)
        for a, b in pairwise(cuts)
    )


def test_between_changes_facts_are_found_once_and_are_columns() -> None:
    asked: list[tuple[int, int]] = []

    def cut(start: int, end: int) -> tuple[FactSpan, ...]:
        asked.append((start, end))
        return spans(start, end)

    pieces = FactPieces([CHANGE, 10_000_000], cut)

    for start, end in ((10_000_000, 20_000_000), (20_000_000, CHANGE), (CHANGE, 10**9), (10**9, 2 * 10**9)):
        found = pieces.over(start, end)
        assert isinstance(found, ManyFacts)
        assert list(found) == list(spans(start, end))
    assert asked == [(10_000_000, 20_000_000), (CHANGE, 10**9)]


@pytest.mark.parametrize("span", [(0, 10_000_000), (20_000_000, 10**9)])
def test_what_changes_or_is_not_stated_is_told_site_by_site(span: tuple[int, int]) -> None:
    found = FactPieces([CHANGE, 10_000_000], spans).over(*span)
    assert found == spans(*span)


def test_columns_and_single_facts_give_the_same_figure_and_the_same_digest() -> None:
    single = spans(CHANGE, 10**9)
    many = ManyFacts(tuple(one.site for one in single), np.array([one.value for one in single]), CHANGE, 10**9)
    columns, tuples = site_facts(many), site_facts(single)
    assert isinstance(columns, SiteFactColumns)
    assert columns == tuples
    assert unstated(columns, "floor_area") is None

    energy = sum_of_meters(())
    assert outcome_per(energy, columns, 950.0, "floor_area") == outcome_per(energy, tuples, 950.0, "floor_area")
    assert per([()], columns, 950.0, "floor_area") == per([()], tuples, 950.0, "floor_area")

    stored, listed = (Areas(floor_area_m2=facts) for facts in (columns, tuples))
    assert stored.stored() == listed.stored()
    assert len(json.dumps(stored.stored())) < 250
    assert stored.model_dump(mode="json") == listed.model_dump(mode="json")
    assert Areas.model_validate_json(stored.model_dump_json()) == listed
    assert stored.stored() == stored.model_dump(mode="json", exclude_defaults=True, context=DIGESTS)
