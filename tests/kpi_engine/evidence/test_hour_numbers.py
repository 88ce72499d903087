"""Hours of an input: written as a list of numbers and nulls, held as a column, and the same either way."""

import numpy as np
import pytest
from pydantic import ValidationError

from kpi_engine.evidence.amount_entry import LARGEST
from kpi_engine.evidence.hour_numbers import HourNumbers
from kpi_engine.families.hour_inputs import HourValues


def test_a_list_and_a_column_are_the_same_input_with_the_same_digest() -> None:
    listed = HourValues.model_validate({"value": [1.5, None], "lower": [1.0, None], "upper": [2.0, 9.0]})
    columns = HourValues(
        value=HourNumbers(np.array([1.5, np.nan])),
        lower=HourNumbers.published(np.array([1.0, -np.inf])),
        upper=HourNumbers.published(np.array([2.0, 9.0])),
    )
    assert listed == columns
    assert listed.digest == columns.digest
    assert columns.model_dump(mode="json") == {
        "meters": [],
        "value": [1.5, None],
        "lower": [1.0, None],
        "upper": [2.0, 9.0],
    }
    assert HourValues.model_validate_json(columns.model_dump_json()) == columns


def test_what_nothing_bounds_is_null_whatever_number_stood_for_it() -> None:
    assert list(HourNumbers.published(np.array([-np.inf, LARGEST * 2, 0.0, np.nan]))) == [None, None, 0.0, None]


def test_numbers_from_outside_are_checked_one_by_one() -> None:
    with pytest.raises(ValidationError, match=r"value\.1"):
        HourValues.model_validate_json('{"value": [1.0, 2e18]}')
    with pytest.raises(ValidationError, match="as many bounds as values"):
        HourValues.model_validate_json('{"value": [1.0, 2.0], "lower": [1.0]}')
