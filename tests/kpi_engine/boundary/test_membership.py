"""Groups in time: at any instant a group counts what a boundary around its members of that instant would."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.calendar import day_start
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.city.assets import City
from ingest.model.spans import FOREVER, clip
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.membership import Membership
from kpi_engine.boundary.metering import MeterSet, counted_meters
from kpi_engine.families.network_weighting import FUELS
from kpi_engine.indicator import SiteFactNeed
from kpi_engine.indicators import INDICATORS
from kpi_engine.ports.facts import Facts
from kpi_engine.ports.port import PortScope
from kpi_engine.ports.stated import Stated
from kpi_engine.ports.statistics import Statistics
from kpi_engine.subjects.subject import Subject, SubjectName, subjects
from tests import towns
from tests.towns import heat_meter, meter

ZONE = "Europe/Copenhagen"
DEVICES = (
    meter("heat_plant", "heat_energy", name="boiler", site="plant", direction="production"),
    heat_meter(name="main", site="block"),
    heat_meter(name="flat", site="house", submeter_of="main"),
    heat_meter(name="shop", site="yard"),
)
SERVING = {"plant": {"serves": ["block", "yard"]}}


def at(month: int, day: int = 1) -> int:
    return day_start(date(2026, month, day), ZONE)


def town(*members: object) -> City:
    return towns.city(*DEVICES, zone=ZONE, sites=SERVING, groups=[{"name": "west", "members": members}])


def scope_of(city: City) -> PortScope:
    whole = Membership(city, city.groups[0])
    return PortScope(
        city, None, Topology(city), whole.devices, {one.name: {} for one in city.devices}, membership=whole
    )


def counted(*members: object, kpi: str = "heat_delivered") -> MeterSet:
    return scope_of(town(*members)).own_meters(INDICATORS[kpi])


def spans(found: MeterSet) -> dict[str, list[tuple[int, int]]]:
    every: dict[str, list[tuple[int, int]]] = {}
    for one in found.entries:
        every.setdefault(one.name, []).append((one.valid_from, one.valid_to))
    return every


def test_a_meter_counts_from_the_day_on_which_its_site_joins_until_that_on_which_it_leaves() -> None:
    found = counted("yard", {"site": "block", "valid_from": "2026-03-01", "valid_to": "2026-06-01"})

    assert spans(found) == {"shop": [(-FOREVER, FOREVER)], "main": [(at(3), at(6))]}


def test_who_leaves_and_comes_back_counts_twice_and_not_in_between() -> None:
    found = counted({"site": "yard", "valid_to": "2026-03-01"}, {"site": "yard", "valid_from": "2026-06-01"})

    assert spans(found) == {"shop": [(-FOREVER, at(3)), (at(6), FOREVER)]}


def test_a_submeter_drops_out_while_the_meter_above_it_is_a_member_too() -> None:
    found = counted("house", {"site": "block", "valid_from": "2026-03-01", "valid_to": "2026-06-01"})

    assert spans(found) == {"flat": [(-FOREVER, at(3)), (at(6), FOREVER)], "main": [(at(3), at(6))]}


def test_a_device_alone_may_be_a_member() -> None:
    assert spans(counted({"device": "flat"})) == {"flat": [(-FOREVER, FOREVER)]}


def test_a_meter_that_goes_on_is_one_whoever_joins_beside_it() -> None:
    found = counted("yard", {"site": "block", "valid_from": "2026-03-01"})

    assert [one.name for one in found.entries].count("shop") == 1
    assert [site for site, *_ in found.sites] == ["block", "yard"]


def test_a_balance_is_drawn_up_while_its_plant_is_a_member_whoever_it_serves() -> None:
    found = counted({"site": "plant", "valid_from": "2026-03-01"}, "house", kpi="network_heat_loss")

    assert {(one.role, one.name) for one in found.entries} == {
        ("supplied", "boiler"),
        ("delivered", "main"),
        ("delivered", "shop"),
    }
    assert {(one.valid_from, one.valid_to) for one in found.entries} == {(at(3), FOREVER)}


def test_sites_are_reached_while_the_plant_that_serves_them_is_a_member() -> None:
    city = town({"site": "plant", "valid_from": "2026-03-01"}, {"site": "yard", "valid_to": "2026-02-01"})
    scope = scope_of(city)

    assert scope.reached(one for one in city.devices if one.name == "boiler") == {
        "plant": [(at(3), FOREVER)],
        "block": [(at(3), FOREVER)],
        "yard": [(at(3), FOREVER)],
    }


def test_what_a_plant_burned_is_not_divided_where_it_joins_within_a_period() -> None:
    bound = FUELS.bind(scope_of(town({"site": "plant", "valid_from": "2026-03-16"})))

    assert bound.refused(at(3), at(4)) == (
        "plant belongs to the group for a part of the period only: what it burned then is not known"
    )
    assert bound.refused(at(4), at(5)) is None
    assert [one.site for one in bound.given(at(4), at(5), {})] == ["plant"]
    assert bound.given(at(1), at(2), {}) == ()


def test_money_counts_of_the_sites_that_are_members_as_the_period_ends() -> None:
    paid = towns.fact("investment", 1000, "EUR")
    groups = [{"name": "west", "members": [{"site": "yard", "valid_from": "2026-03-16"}]}]
    sites = {"yard": {"facts": [paid]}, "block": {"facts": [paid]}}
    scope = scope_of(towns.city(*DEVICES, zone=ZONE, sites=sites, groups=groups))
    stated = Stated((SiteFactNeed("investment", "EUR"),)).bind(scope)

    assert [one.site for one in stated.given(at(3), at(4), {})] == ["yard"]
    assert stated.given(at(2), at(3), {}) == ()


def test_statistics_and_facts_of_a_subject_are_none_of_a_group() -> None:
    scope = scope_of(town("yard"))

    assert list(Statistics("population").bind(scope).items()) == []
    assert Facts("population", "1").bind(scope).given(at(3), at(4), {})[0].missing is not None


days = st.none() | st.integers(1, 8).map(lambda month: date(2026, month, 1))


@st.composite
def memberships(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for site in draw(st.lists(st.sampled_from(["block", "house", "yard"]), unique=True, min_size=1)):
        start, end = draw(days), draw(days)
        if start is None or end is None or start < end:
            found.append({"site": site, "valid_from": start, "valid_to": end})
    return found or [{"site": "yard"}]


@settings(max_examples=min(30, settings().max_examples))
@given(memberships(), st.integers(0, 9))
def test_at_any_instant_a_group_counts_what_its_members_of_then_count(
    members: list[dict[str, Any]], month: int
) -> None:
    city = town(*members)
    instant = at(month, 15) if month else at(1) - 1
    there = {one.site for one in city.groups[0].members if clip((instant, instant + 1), [_span(one)])}
    own = [device for device in city.devices if device.site in there]
    series: dict[str, dict[str, Any]] = {one.name: {} for one in city.devices}
    expected = counted_meters(Topology(city), own, series, INDICATORS["heat_delivered"].needs)

    assert _at(counted(*members), instant) == _at(expected, instant)


def _span(one: Any) -> tuple[int, int]:  # noqa: ANN401 - a member
    start = day_start(one.valid_from, ZONE) if one.valid_from else -FOREVER
    return start, day_start(one.valid_to, ZONE) if one.valid_to else FOREVER


def _at(found: MeterSet, instant: int) -> set[str]:
    return {one.name for one in found.entries if one.valid_from <= instant < one.valid_to}


def subject(*members: object) -> Subject:
    city = town(*members)
    series = {(city.name, d.name, s.quantity): n for d in city.devices for n, s in enumerate(d.series, start=1)}
    ids = Ids({(city.name, device.name): n for n, device in enumerate(city.devices)}, series)
    names = [SubjectName(city.name), *(SubjectName(city.name, site.name) for site in city.sites)]
    every = {name: (1, place or None) for place, name in enumerate(names)}
    found = subjects(Catalogue([city], ids), every | {SubjectName(city.name, group="west"): (1, -1)})
    return next(one for one in found if one.group)


def test_a_group_is_a_subject_of_its_own_with_the_indicators_of_a_site_and_no_others() -> None:
    found = subject("block", "yard")
    names = {one.name for one in found.indicators}

    assert (found.name, found.key) == (SubjectName("harbour", group="west"), (1, -1))
    assert "heat_delivered" in names
    assert all(one.of_sites for one in found.indicators)


def test_a_membership_that_moves_no_meter_of_an_indicator_leaves_its_definition_as_it_is() -> None:
    before = subject("block", "yard").definition()

    assert subject("block", "yard", "house").definition() == before
    assert subject("block", {"site": "yard", "valid_from": "2026-03-01"}).definition() != before
