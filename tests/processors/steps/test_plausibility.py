"""Values that cannot be are refused, unusual ones are not."""

import numpy as np
import pytest

from ingest.model.observation import ObservationBatch
from processors.steps.plausibility import check_plausibility, check_states

LOW, HIGH = np.array([np.nan, -20.0, 0.0]), np.array([np.nan, 200.0, 1e10])


@pytest.mark.parametrize(
    ("series", "value", "refused"),
    [
        (1, -20.0, False),
        (1, 200.0, False),
        (1, 200.1, True),
        (2, -0.1, True),
        (2, 9e9, False),
        (2, np.inf, True),
        (2, np.nan, True),
    ],
)
def test_a_value_is_judged_against_the_range_of_its_series(series: int, value: float, refused: bool) -> None:
    one = np.ones(1, np.int64)
    batch = ObservationBatch(one * series, one, np.array([value]), one, one, one)
    verdict = check_plausibility(batch, LOW, HIGH)
    assert verdict.refused.tolist() == [refused]
    assert "outside of what is possible" in verdict.detail(0)


@pytest.mark.parametrize(("series", "value", "refused"), [(0, 1.5, False), (1, 8.0, False), (1, 1.5, True)])
def test_a_number_between_two_states_stands_for_none(series: int, value: float, refused: bool) -> None:
    one = np.ones(1, np.int64)
    batch = ObservationBatch(one * series, one, np.array([value]), one, one, one)
    verdict = check_states(batch, np.array([False, True]))
    assert verdict.refused.tolist() == [refused]
    assert "stands for no state" in verdict.detail(0)
