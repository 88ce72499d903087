"""Factors that a city names are published ones, of the carrier they are named for."""

import pytest

from kpi_engine.factors import names
from tests import towns
from tests.factors import shipped

HOUSE = {"house": {"vertical": "buildings"}}
DATED = [
    {"factor": "electricity-dk1", "valid_to": "2025-01-01"},
    {"factor": "dk1", "valid_from": "2025-01-01"},
]


def faults(**factors: object) -> list[tuple[str, str]]:
    return list(names.faults(towns.city(sites=HOUSE, factors=factors), shipped()))


def test_published_factors_have_no_fault() -> None:
    assert not faults(electricity="electricity-dk1", heat="en-iso-52000-1-district-heating")


@pytest.mark.parametrize(
    ("factors", "key", "said"),
    [
        ({"electricity": "electricity-dk2"}, "factors.electricity", "'electricity-dk2'; did you mean electricity-dk1?"),
        ({"heat": "electricity-dk1"}, "factors.heat", "en-iso-52000-1-district-heating, not 'electricity-dk1'"),
        (
            {"electricity": DATED},
            "factors.electricity[1]",
            "not 'dk1'",
        ),
    ],
)
def test_what_is_not_published_for_the_carrier_is_told_with_what_is(
    factors: dict[str, object], key: str, said: str
) -> None:
    ((found, expected),) = faults(**factors)
    assert found == key
    assert said in expected
