"""Topology: what serves and contains what is whole, of one carrier, and never a circle."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import CityFileError, FileFault
from ingest.model.city.city_file import parse

SITES = """
name: tartu
title: Tartu
country: EE
timezone: Europe/Tallinn
role: lighthouse
sites:
  - {name: plant, vertical: district_heating, serves: [network]}
  - {name: network, vertical: district_heating, serves: [substation-1, substation-2]}
  - {name: substation-1, vertical: district_heating, serves: [school]}
  - {name: substation-2, vertical: district_heating}
  - {name: school, vertical: buildings}
  - {name: car-park, vertical: ev_charging}
"""
DEVICES = """
devices:
  - {name: main, site: school, type: electricity_meter, carrier: electricity, direction: consumption, \
expected_interval: PT1M, series: &energy [{quantity: electricity_energy}]}
  - {name: charger, site: car-park, type: charging_point, carrier: electricity, direction: consumption, \
submeter_of: main, expected_interval: PT1M, series: *energy}
  - {name: roof, site: school, type: photovoltaic_inverter, carrier: electricity, direction: production, \
expected_interval: PT1M, series: *energy}
  - {name: heat, site: substation-1, type: heat_meter, carrier: heat, direction: consumption, \
expected_interval: PT1M, series: [{quantity: heat_energy}]}
""".replace("\\\n", "")
GOOD = SITES + DEVICES


def faults(text: str) -> list[FileFault]:
    with pytest.raises(CityFileError) as caught:
        parse(text, "tartu.yaml")
    return caught.value.faults


def test_a_sound_topology_is_kept_as_declared() -> None:
    city = parse(GOOD, "tartu.yaml")
    assert [site.served for site in city.sites[:3]] == [("network",), ("substation-1", "substation-2"), ("school",)]
    assert [device.meter_above for device in city.devices] == [None, "main", None, None]


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("serves: [network]", "serves: [sewer]", "sites[0].serves[0]", "another site, not 'sewer'"),
        ("serves: [network]", "serves: [plant]", "sites[0].serves[0]", "another site, not 'plant'"),
        ("serves: [network]", "serves: [network, network]", "sites[0].serves[1]", "each site once"),
        ("submeter_of: main", "submeter_of: mains", "devices[1].submeter_of", "another device, not 'mains'"),
        ("submeter_of: main", "submeter_of: charger", "devices[1].submeter_of", "another device, not 'charger'"),
        (
            "submeter_of: main",
            "submeter_of: heat",
            "devices[1].submeter_of",
            "same carrier: 'charger' meters electricity, 'heat' heat",
        ),
        (
            "type: charging_point, carrier: electricity",
            "type: charging_point, carrier: heat",
            "devices[1].carrier",
            "expected electricity (charging_point), not 'heat'",
        ),
        (
            "direction: production",
            "direction: consumption",
            "devices[2].direction",
            "expected production (photovoltaic_inverter), not 'consumption'",
        ),
        ("carrier: heat, ", "", "devices[3].carrier", "expected beside direction"),
        ("carrier: heat, direction: consumption", "carrier: heat", "devices[3].direction", "expected beside carrier"),
    ],
)
def test_a_fault_of_the_topology_is_named(old: str, new: str, key: str, expected: str) -> None:
    fault = faults(GOOD.replace(old, new, 1))[0]
    assert (fault.file, fault.key) == ("tartu.yaml", key)
    assert expected in fault.expected


def test_a_sensor_that_meters_no_energy_has_no_carrier() -> None:
    sensor = "  - {name: room, site: school, type: indoor_climate_sensor, carrier: heat, direction: consumption, "
    fault = faults(f"{GOOD}{sensor}expected_interval: PT1M, series: [{{quantity: indoor_temperature}}]}}")[0]
    assert (fault.key, fault.expected) == (
        "devices[4].carrier",
        "expected no carrier, since it meters no energy (indoor_climate_sensor), not 'heat'",
    )


def test_a_circle_of_sites_is_named_once_from_the_site_declared_first() -> None:
    circled = GOOD.replace("serves: [school]", "serves: [school, plant]")
    assert [(fault.key, fault.expected) for fault in faults(circled)] == [
        (
            "sites[0].serves",
            "expected no circle, but 'plant' serves 'network' serves 'substation-1' serves 'plant'",
        )
    ]


def metered(submeters: Mapping[str, str | None]) -> str:
    """Return the file of a city whose meters are submeters as given."""
    rest = "site: school, type: electricity_meter, carrier: electricity, direction: consumption, series: *energy"
    return GOOD + "".join(
        f"  - {{name: {name}, expected_interval: PT1M, {rest}{f', submeter_of: {meter}' if meter else ''}}}\n"
        for name, meter in submeters.items()
    )


def test_every_circle_of_submeters_is_named_once() -> None:
    circles = {"a": "b", "b": "c", "c": "b", "x": "y", "y": "x"}
    assert [(fault.key, fault.expected) for fault in faults(metered(circles))] == [
        ("devices[5].submeter_of", "expected no circle, but 'b' is a submeter of 'c' is a submeter of 'b'"),
        ("devices[7].submeter_of", "expected no circle, but 'x' is a submeter of 'y' is a submeter of 'x'"),
    ]


@given(st.lists(st.none() | st.integers(0, 7), min_size=8, max_size=8))
def test_submeters_are_accepted_exactly_if_following_them_ends(meter_of: list[int | None]) -> None:
    submeters = {f"m{index}": None if meter is None else f"m{meter}" for index, meter in enumerate(meter_of)}
    try:
        parse(metered(submeters), "tartu.yaml")
    except CityFileError:
        assert not all(_ends(submeters, name) for name in submeters)
    else:
        assert all(_ends(submeters, name) for name in submeters)


def _ends(submeters: Mapping[str, str | None], name: str | None) -> bool:
    for _ in submeters:
        name = submeters[name] if name is not None else None
    return name is None


MOVED = "submeter_of: [{meter: main, valid_to: 2025-10-01}, {meter: roof, valid_from: 2025-10-01}]"


def test_a_meter_may_move_behind_another_one_on_a_day() -> None:
    charger = parse(GOOD.replace("submeter_of: main", MOVED), "tartu.yaml").devices[1]
    assert [(above.meter, above.valid_from) for above in charger.submeter_of] == [
        ("main", None),
        ("roof", date(2025, 10, 1)),
    ]
    assert charger.meter_above == "roof"


def test_a_site_may_be_served_from_a_day_on_and_others_always() -> None:
    serves = "serves: [substation-1, {site: substation-2, valid_from: 2024-05-01}]"
    network = parse(GOOD.replace("serves: [substation-1, substation-2]", serves), "tartu.yaml").sites[1]
    assert [(one.site, one.valid_from) for one in network.serves] == [
        ("substation-1", None),
        ("substation-2", date(2024, 5, 1)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        (
            "submeter_of: main",
            "submeter_of: [{meter: main, valid_to: 2025-10-02}, {meter: roof, valid_from: 2025-10-01}]",
            "devices[1].submeter_of[1].valid_from",
            "expected 2025-10-02 or a later day, when the entry before has ended",
        ),
        (
            "submeter_of: main",
            "submeter_of: [{meter: main}, {meter: roof, valid_from: 2025-10-01}]",
            "devices[1].submeter_of[0].valid_to",
            "expected a day, since another entry follows",
        ),
        (
            "submeter_of: main",
            "submeter_of: [{meter: main, valid_to: 2025-10-01}, {meter: heat, valid_from: 2025-10-01}]",
            "devices[1].submeter_of[1]",
            "same carrier: 'charger' meters electricity, 'heat' heat",
        ),
        ("submeter_of: main", "submeter_of: Main", "devices[1].submeter_of", "expected a name of at most 63"),
        (
            "serves: [school]",
            "serves: [{site: school, valid_to: 2024-02-01}, {site: school, valid_from: 2024-01-01}]",
            "sites[2].serves[1]",
            "'school' is in the list already for some of these days; expected each site once",
        ),
    ],
)
def test_a_fault_of_dated_links_is_named(old: str, new: str, key: str, expected: str) -> None:
    fault = faults(GOOD.replace(old, new, 1))[0]
    assert fault.key == key
    assert expected in fault.expected


def test_a_circle_of_some_days_only_is_refused_and_one_that_never_closes_is_not() -> None:
    def main_below(days: str) -> str:
        below = f"[{{meter: charger, {days}}}]"
        return GOOD.replace("name: main,", f"name: main, submeter_of: {below},").replace(
            "submeter_of: main", "submeter_of: [{meter: main, valid_to: 2025-10-01}]"
        )

    expected = "expected no circle, but 'main' is a submeter of 'charger' is a submeter of 'main'"
    circled = faults(main_below("valid_from: 2025-09-30"))
    assert [(fault.key, fault.expected) for fault in circled] == [("devices[0].submeter_of", expected)]
    assert parse(main_below("valid_from: 2025-10-01"), "tartu.yaml").devices[0].meter_above == "charger"


DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 8))


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=4))
def test_links_that_overlap_or_are_out_of_order_are_refused_by_their_key_and_no_others(
    days: list[tuple[date | None, date | None]],
) -> None:
    entries = [
        ", ".join(
            ["meter: main", *(f"{key}: {day}" for key, day in zip(("valid_from", "valid_to"), one, strict=True) if day)]
        )
        for one in days
    ]
    text = GOOD.replace("submeter_of: main", f"submeter_of: [{', '.join(f'{{{entry}}}' for entry in entries)}]")
    turned = any(begin and end and end <= begin for begin, end in days)
    in_order = all(before[1] and after[0] and before[1] <= after[0] for before, after in pairwise(days))
    if in_order and not turned:
        assert len(parse(text, "tartu.yaml").devices[1].submeter_of) == len(days)
    else:
        assert {fault.key.partition("[1].")[2].partition("[")[0] for fault in faults(text)} == {"submeter_of"}
