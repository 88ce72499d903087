"""Which devices count: nothing twice, and no guess where the city file leaves an overlap open."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import day_start
from ingest.model.spans import FOREVER
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.metering import MeterSet, counted_meters
from kpi_engine.indicators import INDICATORS
from tests import towns
from tests.towns import Declared, meter

ZONE = "Europe/Copenhagen"
VERTICALS = ("buildings", "smart_lighting", "ev_charging")
SERIES = {"electricity_meter": "electricity_energy", "heat_meter": "heat_energy"}


def device(name: str, kind: str = "electricity_meter", **more: Any) -> Declared:  # noqa: ANN401 - as a file would
    """Return a device of a city file; its site is of the first vertical unless ``site`` says otherwise."""
    return {**meter(kind, SERIES.get(kind, "electricity_energy"), name=name, site="buildings"), **more}


def counts(kpi: str, *devices: Declared) -> MeterSet:
    sites = {vertical: {"vertical": vertical} for vertical in VERTICALS}
    city = towns.city(*devices, name="town", zone=ZONE, sites=sites)
    return counted_meters(Topology(city), city.devices, {one.name: {} for one in city.devices}, INDICATORS[kpi].needs)


def names(found: MeterSet) -> list[str]:
    return [entry.name for entry in found.entries]


def test_a_submeter_is_counted_in_the_topmost_meter_however_deep_it_hangs() -> None:
    found = counts(
        "electricity_emissions",
        device("main"),
        device("floor", submeter_of="main"),
        device("flat", submeter_of="floor"),
    )

    assert names(found) == ["main"]


def test_a_meter_above_that_is_not_spoken_of_hides_nothing() -> None:
    point = device("cp", "charging_point", site="ev_charging", submeter_of="main")

    assert names(counts("ev_charging_energy", device("main"), point)) == ["cp"]
    assert names(counts("electricity_emissions", device("main"), point)) == ["main"]


def test_a_submeter_of_a_meter_in_between_that_is_not_spoken_of_is_still_below_the_topmost() -> None:
    between = device("solar", "photovoltaic_inverter", direction="production", submeter_of="main")

    assert names(counts("electricity_emissions", device("main"), between, device("x", submeter_of="solar"))) == ["main"]


def test_heat_made_of_electricity_that_is_counted_is_no_further_final_energy() -> None:
    pump = device("pump", "heat_meter", submeter_of="main")

    assert names(counts("city_final_energy", device("main"), pump)) == ["main"]
    assert names(counts("heat_delivered", device("main"), pump)) == ["pump"]


def test_production_is_no_consumption() -> None:
    roof = device("roof", "photovoltaic_inverter", direction="production")

    assert names(counts("city_final_energy", device("main"), roof)) == ["main"]


def test_a_submeter_counts_until_its_main_meter_is_there() -> None:
    found = counts("electricity_emissions", device("main", valid_from="2026-03-01"), device("flat", submeter_of="main"))
    installed = day_start(date(2026, 3, 1), ZONE)

    assert [(entry.name, entry.valid_from, entry.valid_to) for entry in found.entries] == [
        ("main", installed, FOREVER),
        ("flat", -FOREVER, installed),
    ]


def test_energy_of_lighting_comes_from_cabinets_where_they_exist() -> None:
    found = counts(
        "lighting_energy_per_light_point",
        device("cabinet", "lighting_cabinet", site="smart_lighting"),
        device("below", "luminaire", site="smart_lighting", submeter_of="cabinet"),
        device("alone", "luminaire", site="buildings"),
    )

    assert (names(found), found.refused()) == (["cabinet", "alone"], None)


def test_a_luminaire_beside_a_cabinet_that_nobody_declared_below_it_is_refused() -> None:
    lamp = device("lamp", "luminaire", site="smart_lighting")
    cabinet = device("cabinet", "lighting_cabinet", site="smart_lighting")

    assert counts("lighting_energy_per_light_point", cabinet, lamp).refused() == (
        "lamp stands at the site of cabinet and is no submeter of a lighting_cabinet: whether its energy is part of "
        "what cabinet counts is not known (submeter_of)"
    )
    earlier = {**lamp, "valid_to": "2026-01-01"}
    assert counts("lighting_energy_per_light_point", {**cabinet, "valid_from": "2026-01-01"}, earlier).refused() is None


def test_a_luminaire_is_held_to_every_cabinet_of_its_site_at_any_time() -> None:
    street = {"site": "smart_lighting"}
    old = device("old", "lighting_cabinet", **street, valid_to="2026-06-01")
    new = device("new", "lighting_cabinet", **street, valid_from="2026-06-01")
    later = device("later", "lighting_cabinet", **street, valid_from="2030-01-01")
    lamp = device("lamp", "luminaire", **street, valid_to="2027-01-01")

    beside_the_first = counts("lighting_energy_per_light_point", old, later, lamp).refused()
    assert beside_the_first is not None
    assert "what old counts is not known" in beside_the_first
    left_behind = counts("lighting_energy_per_light_point", old, new, {**lamp, "submeter_of": "old"}).refused()
    assert left_behind is not None
    assert "what new counts is not known" in left_behind
    assert counts("lighting_energy_per_light_point", old, later, {**lamp, "submeter_of": "old"}).refused() is None


def test_a_site_counts_only_while_a_device_stands_there() -> None:
    found = counts(
        "building_energy_per_area",
        device("first", valid_to="2026-03-01"),
        device("heat", "heat_meter", valid_from="2026-02-01", valid_to="2026-04-01"),
        device("second", valid_from="2026-05-01"),
    )
    gone, back = day_start(date(2026, 4, 1), ZONE), day_start(date(2026, 5, 1), ZONE)

    assert found.sites == (("buildings", -FOREVER, gone), ("buildings", back, FOREVER))


def test_meters_that_are_submeters_of_each_other_are_refused() -> None:
    found = counts("city_final_energy", device("a", submeter_of="b"), device("b", submeter_of="a"))

    assert (
        found.refused() == "the meters b, a are submeters of each other, so none of them is a main meter (submeter_of)"
    )


def test_only_luminaires_that_report_hours_are_asked_for_them() -> None:
    hours = {"series": [{"quantity": "burning_hours"}]}
    found = counts(
        "lighting_burning_hours",
        device("mute", "luminaire", site="smart_lighting"),
        device("lamp", "luminaire", site="smart_lighting", **hours),
    )

    assert names(found) == ["lamp"]


@given(
    above=st.lists(st.integers(0, 7), min_size=8, max_size=8), days=st.lists(st.integers(1, 28), min_size=8, max_size=8)
)
def test_at_no_time_do_a_meter_and_one_above_it_count_both(above: list[int], days: list[int]) -> None:
    """Meter n hangs below a lower-numbered one, or below none; each is valid from some day of January on."""
    devices = [
        device(
            f"m{n}",
            valid_from=f"2026-01-{days[n]:02d}",
            **({"submeter_of": f"m{above[n]}"} if above[n] < n else {}),
        )
        for n in range(8)
    ]
    found = counts("electricity_emissions", *devices)
    uppers = {f"m{n}": f"m{above[n]}" for n in range(8) if above[n] < n}
    for entry in found.entries:
        upper = uppers.get(entry.name)
        while upper is not None:
            others = [other for other in found.entries if other.name == upper]
            assert all(min(entry.valid_to, o.valid_to) <= max(entry.valid_from, o.valid_from) for o in others)
            upper = uppers.get(upper)
    first = min(day_start(date(2026, 1, day), ZONE) for day in days)
    assert min(entry.valid_from for entry in found.entries) == first, "what is metered at all is counted"


def held(found: MeterSet) -> list[tuple[str, int, int]]:
    return [(entry.name, entry.valid_from, entry.valid_to) for entry in found.entries]


def test_a_charger_that_moves_behind_another_meter_counts_where_no_chosen_meter_is_above_it() -> None:
    moved = day_start(date(2025, 10, 1), ZONE)
    until, since = {"meter": "main", "valid_to": "2025-10-01"}, {"meter": "main", "valid_from": "2025-10-01"}
    charger = {"site": "ev_charging", "kind": "charging_point"}

    def charging(*above: dict[str, str]) -> list[tuple[str, int, int]]:
        return held(counts("city_final_energy", device("main"), device("charger", **charger, submeter_of=above)))

    assert charging(until) == [("main", -FOREVER, FOREVER), ("charger", moved, FOREVER)]
    assert charging(since) == [("main", -FOREVER, FOREVER), ("charger", -FOREVER, moved)]
    assert charging(until, since) == [("main", -FOREVER, FOREVER)]


def test_what_is_behind_a_submeter_on_some_days_is_behind_its_main_meter_on_these_days_only() -> None:
    begins, ends = day_start(date(2025, 3, 1), ZONE), day_start(date(2025, 9, 1), ZONE)
    found = counts(
        "city_final_energy",
        device("main"),
        device("floor", submeter_of=[{"meter": "main", "valid_from": "2025-03-01"}]),
        device("flat", submeter_of=[{"meter": "floor", "valid_to": "2025-09-01"}]),
    )

    assert held(found) == [
        ("main", -FOREVER, FOREVER),
        ("floor", -FOREVER, begins),
        ("flat", ends, FOREVER),
    ]


def test_an_overlap_that_is_declared_from_a_day_on_is_refused_before_that_day_only() -> None:
    lamp = device(
        "lamp", "luminaire", site="smart_lighting", submeter_of=[{"meter": "cabinet", "valid_from": "2026-01-01"}]
    )
    found = counts(
        "lighting_energy_per_light_point", device("cabinet", "lighting_cabinet", site="smart_lighting"), lamp
    )
    declared = day_start(date(2026, 1, 1), ZONE)

    assert "what cabinet counts is not known" in (found.refused(declared - 1, declared) or "")
    assert found.refused(declared, FOREVER) is None


DAYS = st.dates(date(2025, 1, 1), date(2025, 1, 6))
LINKS = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), DAYS, st.integers(1, 3)), max_size=2)


@given(st.lists(LINKS, min_size=3, max_size=3))
def test_on_every_day_a_device_counts_exactly_if_no_chain_of_links_of_that_day_leads_to_a_meter(
    links: list[list[tuple[str, date, int]]],
) -> None:
    devices = [
        device(
            name,
            submeter_of=[
                {"meter": above, "valid_from": str(begin), "valid_to": str(begin + timedelta(days=length))}
                for above, begin, length in declared
                if above > name  # never in a circle
            ],
        )
        for name, declared in zip("abc", links, strict=True)
    ]
    entries = counts("city_final_energy", *devices).entries

    for day in (date(2025, 1, 1) + timedelta(days=days) for days in range(10)):
        begin, end = day_start(day, ZONE), day_start(day + timedelta(days=1), ZONE)
        counted = {entry.name for entry in entries if entry.valid_from <= begin and end <= entry.valid_to}
        below = {
            name
            for name, declared in zip("abc", links, strict=True)
            for above, first, length in declared
            if above > name and first <= day < first + timedelta(days=length)
        }
        assert counted == set("abc") - below
