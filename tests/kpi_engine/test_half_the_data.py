"""Half of the data of every worked example is missing, in five patterns: what is published is true nevertheless."""

from typing import Any

import numpy as np
import pytest

from kpi_engine.figures.status import publication
from kpi_engine.indicator import Indicator, Outcome
from kpi_engine.indicators import INDICATORS
from kpi_engine.worked_examples import examples_of
from tests.every import of_every
from tests.kpi_engine.halves import PATTERNS, STEPS, Pattern, silent_device, thinned

pytestmark = pytest.mark.long

ROUNDING = 1e-9


@of_every(INDICATORS)
def test_a_figure_of_half_of_its_data_has_bounds_that_hold_the_truth_or_a_reason(one: Indicator[Any]) -> None:
    for example in examples_of(one.name):
        if example.expected["value"] is None:
            continue
        whole = one.inputs_model.model_validate(example.inputs)
        truth = one.outcome(whole).value
        assert truth is not None
        patterns = {words: Pattern(read) for words, read in PATTERNS.items()}
        if (silent := silent_device(whole)) is not None:
            patterns["one of several devices"] = Pattern(np.full(STEPS, fill_value=True), silent)
        for words, pattern in patterns.items():
            found = one.outcome_of(thinned(whole, pattern).model_dump_json())
            assert holds(found, truth), f"{example.name}, {words}: {truth} does not lie within {found}"
            published = publication(found, is_open=False, limits=one.limits)
            if published.value is None:
                assert published.reason, words
            else:
                assert None not in {found.lower, found.upper}, words


def holds(found: Outcome, truth: float) -> bool:
    """Return whether the truth lies within the bounds; where there is none on a side, whatever it is."""
    slack = ROUNDING * max(abs(truth), ROUNDING)
    above = found.lower is None or found.lower - slack <= truth
    return above and (found.upper is None or truth <= found.upper + slack)


def test_the_patterns_are_halves_and_leave_something() -> None:
    assert {words: int(read.sum()) for words, read in PATTERNS.items()} == dict.fromkeys(PATTERNS, STEPS // 2)
