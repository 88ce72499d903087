"""City files: facts in, and every fault named with its file, its key and what was expected."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import CityFileError
from ingest.model.city.assets import City
from ingest.model.city.city_file import load, parse

GOOD = """
name: oslo
title: Oslo
country: NO
timezone: Europe/Oslo
role: follower
sites:
  - name: house
    vertical: district_heating
    facts:
      - {name: heated_area, value: 120, unit: m2, valid_from: 2020-01-01, source: building register}
devices:
  - name: meter
    site: house
    type: heat_meter
    carrier: heat
    direction: consumption
    expected_interval: PT1H
    series:
      - {quantity: heat_energy, unit: GJ}
"""

AREA_AGAIN = """      - {name: heated_area, value: 130, unit: m2, valid_from: 2024-01-01, source: extension}
devices:"""
POPULATION_TWICE = """facts:
  - {name: population, value: 1, unit: "1", source: one, valid_to: 2020-01-02}
  - {name: population, value: 2, unit: "1", source: another, valid_from: 2020-01-01}
sites:"""


def test_a_good_file_becomes_a_city() -> None:
    city = parse(GOOD, "oslo.yaml")
    assert (city.name, city.country, str(city.devices[0].expected_interval)) == ("oslo", "NO", "PT1H")


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("timezone: Europe/Oslo", "timezone: Norway time", "timezone", "IANA zone"),
        ("country: NO", "country: Norway", "country", "two capital letters (ISO 3166), such as DK, not 'Norway'"),
        ("role: follower", "role: leader", "role", "'lighthouse', 'follower' or 'network'"),
        ("role: follower", "role: follower\nowner: me", "owner", "there is no such key; expected name, title"),
        ("vertical: district_heating", "vertical: fusion", "sites[0].vertical", "district_heating"),
        ("unit: GJ", "unit: m3", "devices[0].series[0]", "cannot be converted to 'kWh'"),
        ("quantity: heat_energy", "quantity: heat", "devices[0].series[0].quantity", "heat_energy"),
        ("site: house", "site: palace", "devices[0].site", "expected one of house"),
        ("type: heat_meter", "type: toaster", "devices[0].type", "heat_meter"),
        ("type: heat_meter", "type: weather_station", "devices[0].carrier", "expected no carrier"),
        ("PT1H", "an hour", "devices[0].expected_interval", "duration"),
        ("PT1H", "PT0S", "devices[0].expected_interval", "above zero"),
        ("carrier: heat", "carrier: heat\n    submeter_of: meter", "devices[0].submeter_of", "another device"),
        ("valid_from: 2020-01-01", "valid_from: 2020-01-01, valid_to: 2019-01-01", "sites[0].facts[0]", "after"),
        ("devices:", AREA_AGAIN, "sites[0].facts[1]", "'heated_area' is given as 120 too for some"),
        ("sites:", POPULATION_TWICE, "facts[1]", "valid_from and valid_to that do not overlap"),
        ("role: follower", "role: follower\nfactors: {steam: any}", "factors.steam", "a carrier, heat or electricity"),
        (
            "role: follower",
            "role: follower\nfactor_series: {heat: {device: meter, quantity: flow}}",
            "factor_series.heat",
            "a quantity that it reports",
        ),
        (
            "role: follower",
            "role: follower\nfactor_series: {heat: {device: meter, quantity: heat_energy}}",
            "factor_series.heat",
            "a quantity in kg/kWh; heat_energy is in kWh",
        ),
        ("value: 120, unit: m2", "value: 120, unit: ft2", "sites[0].facts[0].unit", "expected m2 for heated_area"),
        ("value: 120", "value: -120", "sites[0].facts[0].value", "expected 1 to 1e+08 m2, not -120"),
        ("value: 120", "value: .nan", "sites[0].facts[0].value", "finite"),
        ("source: building register", "source: ''", "sites[0].facts[0].source", "text that is not empty"),
        ("name: oslo", "name: oslo\nname: bergen", "(file)", "given 2 times"),
        ("site: house", "site: house\n    site: house", "(file)", "'site' is given 2 times"),
        (
            "valid_from: 2020-01-01",
            "valid_from: 2020-02-30",
            "sites[0].facts[0].valid_from",
            "a day such as 2026-03-01, not '2020-02-30'",
        ),
        ("title: Oslo", "title: [", "(file)", "expected YAML: while parsing a flow sequence"),
        ("title: Oslo", "title: Oslo: Norway", "(file)", "mapping values are not allowed here (column 12)"),
        ("title: Oslo", "title: !!int Oslo", "(file)", "'Oslo' is not what its tag says (column 8)"),
        ("title: Oslo", "title: !!python/name:os.system", "(file)", "could not determine a constructor"),
        pytest.param("title: Oslo", f"title: {'[' * 1000}", "(file)", "nested too deeply", id="deep"),
    ],
)
def test_a_fault_is_named_with_file_key_and_what_was_expected(old: str, new: str, key: str, expected: str) -> None:
    with pytest.raises(CityFileError) as caught:
        parse(GOOD.replace(old, new, 1), "oslo.yaml")
    fault = caught.value.faults[0]
    assert (fault.file, fault.key) == ("oslo.yaml", key)
    assert expected in fault.expected


def test_a_fact_may_change_from_a_day_on() -> None:
    ended = GOOD.replace("valid_from: 2020-01-01", "valid_from: 2020-01-01, valid_to: 2024-01-01")
    assert [fact.value for fact in parse(ended.replace("devices:", AREA_AGAIN), "oslo.yaml").sites[0].facts] == [
        120,
        130,
    ]


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(CityFileError) as caught:
        parse(GOOD.replace("NO", "Norway").replace("follower", "leader"), "oslo.yaml")
    assert len(caught.value.faults) == 2


TEMPLATED = """
x-meter: &meter
  {type: heat_meter, carrier: heat, direction: consumption, expected_interval: PT1H, series: [{quantity: heat_energy}]}
x-hasty: &hasty {<<: *meter, expected_interval: PT1M}
"""
METER = "  - {<<: *hasty, name: second, site: house, direction: production}"


def test_what_devices_share_is_written_once_and_merged_below_what_they_say_themselves() -> None:
    first, second = parse(f"{TEMPLATED}{GOOD}{METER}", "oslo.yaml").devices
    assert (second.type, second.carrier, str(second.expected_interval)) == (first.type, "heat", "PT1M")
    assert (first.direction, second.direction) == ("consumption", "production")


@pytest.mark.parametrize("repeated", ["name: second, name: second", "<<: *meter, <<: *hasty, name: second"])
def test_a_key_that_is_given_twice_is_refused_beside_merged_ones_too(repeated: str) -> None:
    with pytest.raises(CityFileError, match="is given 2 times"):
        parse(f"{TEMPLATED}{GOOD}  - {{{repeated}, site: house}}", "oslo.yaml")


def test_only_keys_of_the_document_may_be_extensions() -> None:
    with pytest.raises(CityFileError, match=r"sites\[0\]\.x-note \(site house\): there is no such key"):
        parse(GOOD.replace("vertical:", "x-note: none\n    vertical:"), "oslo.yaml")


def test_a_city_survives_the_journey_through_its_document() -> None:
    city = parse(GOOD.replace("sites:", "sites:\n  - {name: net, vertical: district_heating, serves: [house]}"), "a")
    assert City.model_validate(city.model_dump(mode="json")) == city


def test_names_are_unique(tmp_path: Path) -> None:
    device = GOOD[GOOD.index("  - name: meter") :]
    with pytest.raises(CityFileError, match="declared 2 times"):
        parse(GOOD + device, "oslo.yaml")
    with pytest.raises(CityFileError, match="cannot be read"):
        load(tmp_path / "absent.yaml")


@given(st.text())
def test_any_text_that_is_no_city_is_a_city_file_error(text: str) -> None:
    with pytest.raises(CityFileError):
        parse(text, "fuzz.yaml")
