"""Every worked example of an indicator: its inputs, and what must be made of them, with where that comes from."""

import json
from math import isclose
from pathlib import Path

from kpi_engine.figures.status import publication
from kpi_engine.indicators import indicator
from kpi_engine.worked_examples import EXAMPLES
from tests.every import of_every

CASES = {case.name: case for case in sorted(EXAMPLES.iterdir())}


def same(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return isclose(found, expected, rel_tol=1e-12)


@of_every(CASES)
def test_an_indicator_makes_of_the_inputs_what_is_expected(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text())
    outcome = indicator(expected["kpi"]).outcome_of((case / "inputs.json").read_bytes())
    verdict = publication(outcome, is_open=False)

    assert expected["attribution"]
    assert same(verdict.value, expected["value"])
    assert verdict.status == expected["status"]
    assert verdict.reason == expected.get("reason")
    assert same(outcome.coverage, expected["coverage"])
    assert same(outcome.estimated_share, expected["estimated_share"])
    for side in expected.keys() & {"lower", "upper"}:
        assert same(getattr(outcome, side), expected[side])
