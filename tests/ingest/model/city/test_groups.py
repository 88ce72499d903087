"""Groups of a city file: who may belong to one, how it is written, and what is told of one that cannot be."""

import pytest

from ingest.errors import CityFileError
from ingest.model.city.city_file import parse
from tests import towns
from tests.towns import heat_meter

DEVICES = (heat_meter(name="meter-a", site="a"), heat_meter(name="meter-b", site="b"))


def text(*groups: object) -> str:
    return towns.town(*DEVICES, groups=groups)


def faults(*groups: object) -> list[str]:
    with pytest.raises(CityFileError) as refused:
        parse(text(*groups), "town.yaml")
    assert all(fault.line for fault in refused.value.faults)
    return [str(fault).split(": ", 1)[1] for fault in refused.value.faults]


def west(*members: object) -> dict[str, object]:
    return {"name": "west", "members": members}


def test_a_member_is_a_site_by_its_name_a_dated_site_or_a_device() -> None:
    members = ["a", {"site": "b", "valid_from": "2026-03-01"}, {"device": "meter-b", "valid_to": "2026-03-01"}]
    city = parse(text(west(*members)), "town.yaml")

    assert [(one.site, one.device) for one in city.groups[0].members] == [("a", None), ("b", None), (None, "meter-b")]
    assert city.model_dump(mode="json")["groups"][0]["members"] == members


def test_a_city_without_groups_is_kept_as_it_was_before_there_were_any() -> None:
    assert "groups" not in parse(text(), "town.yaml").model_dump(mode="json")


def test_a_site_that_leaves_may_come_back() -> None:
    until, again = {"site": "a", "valid_to": "2026-03-01"}, {"site": "a", "valid_from": "2026-03-01"}

    assert len(parse(text(west(until, again)), "town.yaml").groups[0].members) == 2


def test_what_there_is_not_is_told_with_the_nearest_name() -> None:
    assert faults(west("aa")) == [
        "groups[0].members[0].site (group west): expected one of a, b, not 'aa'; did you mean a?"
    ]
    assert faults(west({"device": "meter-c"})) == [
        "groups[0].members[0].device (group west): expected one of meter-a, meter-b, not 'meter-c'; "
        "did you mean meter-b?"
    ]


def test_nobody_belongs_to_a_group_twice_on_a_day() -> None:
    expected = "on some of these days; expected valid_from and valid_to that do not overlap"

    assert faults(west({"site": "a", "valid_to": "2026-03-02"}, {"site": "a", "valid_from": "2026-03-01"})) == [
        f"groups[0].members[1] (group west): 'a' belongs to the group already {expected}"
    ]
    assert faults(west({"device": "meter-a"}, "a")) == [
        f"groups[0].members[0] (group west): 'meter-a' belongs to the group already through its site 'a' {expected}"
    ]


def test_a_group_has_members_and_a_name_of_its_own() -> None:
    assert faults(west()) == ["groups[0].members (group west): expected at least one entry"]
    assert faults({"name": "a", "members": ["b"]}) == [
        "groups[0].name (group a): 'a' is a site; expected a name of its own"
    ]
    assert faults(west("a"), west("b")) == ["groups: 'west' is declared 2 times; names are unique"]


def test_a_member_is_one_thing() -> None:
    assert faults(west({"site": "a", "device": "meter-b"})) == [
        "groups[0].members[0] (group west): expected either a site or a device"
    ]
    assert faults(west({"valid_from": "2026-03-01"})) == [
        "groups[0].members[0] (group west): expected either a site or a device"
    ]
