"""Factors that a city names are published ones, of the carrier they are named for."""

import pytest

from ingest.model.city.city_file import parse
from kpi_engine.factors import names
from kpi_engine.factors.files import shipped

CITY = """
name: copenhagen
title: Copenhagen
country: DK
timezone: Europe/Copenhagen
role: follower
factors: {factors}
sites: [{{name: house, vertical: buildings}}]
"""


def faults(factors: str) -> list[tuple[str, str]]:
    return list(names.faults(parse(CITY.format(factors=factors), "copenhagen.yaml"), shipped()))


def test_published_factors_have_no_fault() -> None:
    assert not faults("{electricity: electricity-dk1, heat: en-iso-52000-1-district-heating}")


@pytest.mark.parametrize(
    ("factors", "key", "said"),
    [
        ("{electricity: electricity-dk2}", "factors.electricity", "'electricity-dk2'; did you mean electricity-dk1?"),
        ("{heat: electricity-dk1}", "factors.heat", "en-iso-52000-1-district-heating, not 'electricity-dk1'"),
        (
            "{electricity: [{factor: electricity-dk1, valid_to: 2025-01-01}, {factor: dk1, valid_from: 2025-01-01}]}",
            "factors.electricity[1]",
            "not 'dk1'",
        ),
    ],
)
def test_what_is_not_published_for_the_carrier_is_told_with_what_is(factors: str, key: str, said: str) -> None:
    ((found, expected),) = faults(factors)
    assert found == key
    assert said in expected
