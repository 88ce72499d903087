"""What a city file says of a series must make sense of its quantity and its kind."""

import pytest
from pydantic import ValidationError

from ingest.model.city.series_declaration import SeriesDeclaration
from ingest.model.quantities.quantity import QUANTITIES


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"quantity": "connector_status", "kind": "gauge"}, "expected kind state of connector_status"),
        ({"quantity": "plugged_in", "kind": "state"}, "expected kind state of quantities with named states only"),
        ({"quantity": "heat_power", "stamping": "begin"}, "expected a stamping of intervals only"),
        ({"quantity": "heat_power", "kind": "interval", "stamping": "middle"}, "Input should be 'begin' or 'end'"),
    ],
)
def test_what_makes_no_sense_is_an_error(declared: dict[str, str], expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        SeriesDeclaration.model_validate(declared)


def test_every_state_is_plausible_and_none_beyond_the_list() -> None:
    quantity = QUANTITIES["connector_status"]
    low, high = quantity.plausible
    assert (low, high) == (0, len(quantity.states) - 1)
    assert len(set(quantity.states)) == len(quantity.states)
