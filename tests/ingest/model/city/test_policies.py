"""Policies: one of each kind holds, the city file chooses another, and names that do not exist are refused."""

import pytest
from pydantic import ValidationError

from ingest.model.policies import CHP_ALLOCATION, POLICIES, RETURN_REFERENCE, policy
from tests import towns
from tests.towns import heat_meter


def test_where_nothing_is_chosen_the_first_of_its_kind_holds() -> None:
    assert policy(RETURN_REFERENCE).parameters == {"degc": 40.0}
    assert policy(CHP_ALLOCATION).name == "energy"
    assert policy(CHP_ALLOCATION, "heat_200").parameters == {"heat_efficiency": 2.0}


def test_every_policy_says_where_it_is_from() -> None:
    assert all(one.title and one.source and one.version for kind in POLICIES.values() for one in kind.values())


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (
            {"allocation": "energy"},
            r"expected one of return_reference, .*bills_and_meters, not 'allocation'",
        ),
        ({"chp_allocation": "heat_20"}, r"chp_allocation: .*not 'heat_20'; did you mean heat_200\?"),
    ],
)
def test_a_name_that_does_not_exist_is_refused_with_the_nearest_one(chosen: dict[str, str], expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        towns.city(heat_meter(), policies=chosen)
