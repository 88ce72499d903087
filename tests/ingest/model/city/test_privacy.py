"""Groups that would single households out are told with the line, the groups, and what they leave over."""

import pytest

from ingest.errors import CityFileError
from ingest.model.city.city_file import parse
from tests import towns
from tests.towns import heat_meter

HOMES = tuple(f"home-{number}" for number in range(1, 13))
SITES = {name: {"households": 1} for name in HOMES} | {"block": {"households": 40}}
DEVICES = (
    *(heat_meter(name=f"meter-{name}", site=name) for name in HOMES),
    heat_meter(name="meter-block", site="block"),
    heat_meter(name="meter-school", site="school"),
)


def homes(first: int, last: int) -> list[str]:
    """Return the homes from one number to another."""
    return list(HOMES[first - 1 : last])


def group(name: str, *members: object) -> dict[str, object]:
    return {"name": name, "members": list(members)}


def text(*groups: object, **keys: object) -> str:
    return towns.town(*DEVICES, **{"sites": SITES, "groups": groups, **keys})


def faults(*groups: object, **keys: object) -> list[str]:
    with pytest.raises(CityFileError) as refused:
        parse(text(*groups, **keys), "town.yaml")
    assert all(fault.line for fault in refused.value.faults)
    return [str(fault).split(": ", 1)[1] for fault in refused.value.faults]


def test_a_group_of_too_few_households_is_told() -> None:
    assert faults(group("west", *homes(1, 3), "school")) == [
        "groups[0] (group west): the group 'west' is of 3 households (home-1/*, home-2/*, home-3/*); "
        "expected none or at least 5 (privacy: minimum_households)"
    ]


def test_nested_groups_of_enough_households_each_and_between_them_are_fine() -> None:
    parse(text(group("all", *homes(1, 12)), group("west", *homes(1, 6)), group("north", *homes(1, 12), "block")), "t")


def test_a_group_in_another_may_not_leave_over_a_few() -> None:
    (told,) = faults(group("all", *homes(1, 7)), group("west", *homes(1, 5)))
    assert "the group 'all' without the group 'west' is of 2 households (home-6/*, home-7/*)" in told


FLATS = [f"flat-{number}" for number in range(1, 31)]


def of_thirty_flats(*groups: object) -> str:
    """Return what is told of a city of thirty flats with groups."""
    meters = [heat_meter(name=f"meter-{flat}", site=flat) for flat in FLATS]
    with pytest.raises(CityFileError) as refused:
        parse(towns.town(*meters, sites={name: {"households": 1} for name in FLATS}, groups=groups), "town.yaml")
    return str(refused.value)


def test_children_may_not_leave_over_a_few_of_their_parent() -> None:
    told = of_thirty_flats(group("parent", *FLATS[:12]), group("west", *FLATS[:5]), group("east", *FLATS[5:11]))
    assert "'parent' without the group 'east' and the group 'west' is of 1 household (flat-12/*)" in told


def test_a_group_may_not_be_all_but_a_few_of_the_city() -> None:
    (told,) = faults(group("all", *homes(1, 11), "block"))
    assert "the whole city 'harbour' without the group 'all' is of 1 household (home-12/*)" in told


def test_a_site_that_is_seen_itself_may_not_leave_over_a_few_of_a_group() -> None:
    (told,) = faults(group("west", "block", "home-1"))
    assert "the group 'west' without the site 'block' is of 1 household (home-1/*)" in told


def test_what_two_groups_have_in_common_may_not_be_a_few() -> None:
    """No one of them less the others is of few; but both together count the same four flats twice."""
    told = of_thirty_flats(group("both", *FLATS[:24]), group("west", *FLATS[:12]), group("east", *FLATS[8:24]))
    assert "sums and differences of the group 'both', the group 'east', the group 'west' are of fewer than 5" in told


def test_groups_that_single_out_one_household_only_by_three_of_them_are_told() -> None:
    """West and north and south together have each of twelve homes twice, but one of them thrice."""
    ring = (group("west", *homes(1, 8)), group("north", *homes(1, 4), *homes(9, 12)))
    (told,) = faults(*ring, group("south", *homes(4, 12)), privacy={"minimum_households": 3})
    assert "fewer than 3 households" in told or "is of" in told


def test_the_minimum_is_the_citys() -> None:
    parse(text(group("west", *homes(1, 3)), privacy={"minimum_households": 3}), "town.yaml")


def test_a_city_of_few_households_is_taken_and_has_none_that_are_seen() -> None:
    few = {name: {"households": 1} for name in HOMES[:2]}
    parse(towns.town(*DEVICES[:2], sites=few), "town.yaml")


def test_sites_without_households_are_free_to_be_grouped() -> None:
    parse(text(group("public", "school")), "town.yaml")


def test_two_meters_of_one_household_are_one_household() -> None:
    flats = [
        heat_meter(name=f"{kind}-{flat}", site="house", household=f"flat-{flat}")
        for flat in range(1, 4)
        for kind in ("heat", "water")
    ]
    with pytest.raises(CityFileError, match="is of 3 households"):
        parse(towns.town(*flats, groups=[group("west", "house")]), "town.yaml")


def test_a_member_with_a_household_comes_and_goes_with_a_month() -> None:
    (told,) = faults(group("west", *homes(1, 6), {"site": "home-7", "valid_from": "2026-03-15"}))
    assert told.startswith(
        "groups[0].members[6].valid_from (group west): expected the first day of a month, not 2026-03-15"
    )


def test_what_singles_out_in_one_month_alone_is_told_with_it() -> None:
    leaving = {"site": "home-7", "valid_to": "2026-03-01"}
    (told,) = faults(group("all", *homes(1, 7)), group("west", *homes(1, 6), leaving))
    assert "the group 'all' without the group 'west' is of 1 household (home-7/*) from 2026-03-01 on" in told


def test_a_city_file_without_households_is_kept_as_it_was() -> None:
    document = parse(towns.town(heat_meter()), "town.yaml").model_dump(mode="json")
    assert "privacy" not in document
    assert "households" not in document["sites"][0]
    assert "household" not in document["devices"][0]
