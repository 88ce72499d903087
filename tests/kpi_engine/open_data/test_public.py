"""Whose figures may be public, and what of a city is open."""

from typing import Any

import pytest

from deploy import city_files
from ingest.errors import CityFileError
from kpi_engine.indicators import INDICATORS
from kpi_engine.open_data.opened import of_cities
from kpi_engine.open_data.public import LEAST_SITES, may_be_public
from tests.towns import city, heat_meter, town

HOUSES = [heat_meter(name=f"meter-{number}", site=f"house-{number}") for number in range(LEAST_SITES + 1)]
NAMES = [f"house-{number}" for number in range(LEAST_SITES + 1)]


def opening(**keys: object) -> dict[str, Any]:
    return {"licence": "CC-BY-4.0", "publisher": "Town of Harbour", "indicators": ["heat_delivered"], **keys}


def test_a_city_of_enough_sites_may_be_public_and_one_of_fewer_may_not() -> None:
    assert may_be_public(city(*HOUSES[:LEAST_SITES]))
    assert not may_be_public(city(*HOUSES[: LEAST_SITES - 1]))


def test_a_group_counts_the_sites_of_its_members_each_once() -> None:
    groups = [
        {"name": "enough", "members": NAMES[:LEAST_SITES]},
        {"name": "few", "members": NAMES[: LEAST_SITES - 1]},
        {"name": "one", "members": [{"device": "meter-0"}]},
    ]
    made = city(*HOUSES, groups=groups)
    assert [may_be_public(made, name) for name in ("enough", "few", "one", "none")] == [True, False, False, False]


def test_nothing_is_open_unless_a_city_says_so() -> None:
    assert of_cities([city(*HOUSES)]) == []


def test_a_city_that_opens_a_group_that_is_too_small_says_whom_it_withholds() -> None:
    groups = [{"name": "all", "members": NAMES}, {"name": "few", "members": NAMES[:2]}]
    (one,) = of_cities([city(*HOUSES, groups=groups, open_data=opening(groups=["all", "few"]))])
    assert (one.with_city, one.groups, one.withheld, one.kpis) == (True, ["all"], ["few"], ["heat_delivered"])


def test_a_star_opens_every_indicator() -> None:
    (one,) = of_cities([city(*HOUSES, open_data=opening(indicators=["*"]))])
    assert one.kpis == sorted(INDICATORS)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"open_data": opening(licence="free")}, "open_data.licence: expected one of CC0-1.0"),
        ({"open_data": opening(indicators=["heat_deliverd"])}, "open_data.indicators[0]: expected one of"),
        ({"open_data": opening(indicators=[])}, "open_data.indicators"),
        ({"open_data": opening(groups=["quarter"])}, "open_data.groups[0]: there is no group 'quarter'"),
        ({"outbound": {"indicators": ["nothing"]}}, "outbound.indicators[0]: expected one of"),
        (
            {"outbound": {"indicators": ["*"], "periods": ["week"]}},
            "outbound.periods: expected one of day",
        ),
    ],
)
def test_what_is_opened_or_handed_on_has_to_exist(keys: dict[str, Any], says: str) -> None:
    with pytest.raises(CityFileError) as refused:
        city_files.parse(town(*HOUSES, **keys), "harbour.yaml")
    assert says in str(refused.value)
