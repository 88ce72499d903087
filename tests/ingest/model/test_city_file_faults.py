"""Faults of a city file as people read them: line, name, what was expected, once, and all of them in one round."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import CityFileError, FileFault
from ingest.model.city import fact_names
from ingest.model.city.city_file import parse

CITY = """name: oslo
title: Oslo
country: NO
timezone: Europe/Oslo
role: follower
x-meter: &meter
  type: heat_meter
  carrier: heat
  direction: consumption
  expected_interval: PT1H
  series: [{quantity: heat_energy, unit: GJ}]
sites:
  - {name: house, vertical: district_heating}
  - {name: barn, vertical: district_heating}
devices:
  - {<<: *meter, name: first, site: house, native_id: "4711"}
  - {<<: *meter, name: second, site: house}
  - {<<: *meter, name: third, site: barn}
"""


def faults(*replaced: tuple[str, str]) -> list[FileFault]:
    text = CITY
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(CityFileError) as refused:
        parse(text, "oslo.yaml", [fact_names.faults])
    return refused.value.faults


def test_a_fault_says_line_key_device_and_what_was_expected() -> None:
    (fault,) = faults(('site: house, native_id: "4711"', 'site: hose, native_id: "4711"'))
    assert str(fault) == (
        "oslo.yaml:16: devices[0].site (device first, native id 4711): "
        "expected one of house, barn, not 'hose'; did you mean house?"
    )


def test_a_fault_that_an_alias_repeats_is_told_once() -> None:
    (fault,) = faults(("carrier:", "carier:"))
    assert str(fault) == (
        "oslo.yaml:8: devices[0].carier (device first, native id 4711): there is no such key; did you mean carrier? "
        "(and 2 more devices that share line 8)"
    )


@pytest.mark.parametrize(
    ("replaced", "said"),
    [
        (("role: follower", "role: folower"), "not 'folower'; did you mean follower?"),
        (("vertical: district_heating", "vertical: district_heatin"), "did you mean district_heating?"),
        (("quantity: heat_energy", "quantity: heat energy"), "did you mean heat_energy?"),
        (("type: heat_meter", "type: heatmeter"), "did you mean heat_meter?"),
        (("timezone: Europe/Oslo", "timezone: europe/oslo"), "expected an IANA zone"),
        (("title: Oslo", "title: 4711"), "expected text, not 4711; text that looks like a number needs quotes"),
        (("title: Oslo\n", ""), "expected, but it is not there"),
        (("title: Oslo", "title: [Oslo]"), "expected text, not a list"),
        (("title: Oslo", "title: Oslo\nfacts: none"), "expected a list, not 'none'"),
        (("title: Oslo", "title: Oslo\nfacts: [none]"), "expected keys with values, not 'none'"),
        (("site: barn}", "site: barn, valid_from: 2024}"), "expected a day such as 2026-03-01, not"),
        (("site: barn}", "site: barn, valid_from: 0001-01-01}"), "expected 1000-01-01 or a later day"),
        (("expected_interval: PT1H", "expected_interval: P999999D"), "at most 100 years"),
        (("unit: GJ", "register_contract: {glitch_readings: 1.5}"), "expected a whole number, not 1.5"),
        (("unit: GJ", "register_contract: {glitch_readings: -1}"), "expected a number of at least 0, not -1"),
        (("unit: GJ", "register_contract: {modulus: lots}"), "expected a number, not 'lots'"),
        (("unit: GJ", "register_contract: {moduls: 10}"), "did you mean modulus?"),
        (("unit: GJ", "stamping: middle"), "expected 'begin' or 'end', not 'middle'"),
        (
            ("site: barn}", 'site: barn, replacements: [{at: "0001-01-01T00:00:00+23:59"}]}'),
            "expected a time in the years 1000 to 9998",
        ),
        (("site: barn}", "site: barn, alarms: {low_temperature_diference: {}}}"), "expected one of"),
        (("name: third", "name: Third"), "a name of at most 63 lower-case letters"),
        (("title: Oslo", "title: Oslo\nfactors: {heat: [{factr: a}]}"), "did you mean factor?"),
    ],
)
def test_a_fault_is_in_words_of_ours(replaced: tuple[str, str], said: str) -> None:
    found = "\n".join(map(str, faults(replaced)))
    assert said in found
    assert "Input should" not in found


def test_what_is_not_well_formed_hides_no_fault_between_the_rest() -> None:
    found = [
        (fault.line, fault.key)
        for fault in faults(
            ("timezone: Europe/Oslo", "timezone: Europe/Atlantis"),
            ("name: first, site: house", "name: first, site: hose, colour: red"),
            ("name: second, site: house", "name: second, site: house, type: heatmeter"),
            ("name: third, site: barn", "name: third, site: barn, submeter_of: fourth"),
        )
    ]
    assert found == [
        (4, "timezone"),
        (16, "devices[0].colour"),
        (16, "devices[0].site"),
        (17, "devices[1].type"),
        (18, "devices[2].submeter_of"),
    ]


def test_what_may_be_a_fault_only_because_of_another_one_is_not_told() -> None:
    found = faults(
        ("name: barn, vertical: district_heating", "name: barn, vertical: fusion"),
        ("name: first, site: house", "name: first, site: house, colour: red"),
        ("name: second, site: house", "name: second, site: house, submeter_of: first"),
    )
    assert [fault.key for fault in found] == ["sites[1].vertical", "devices[0].colour"]


def test_a_fact_is_one_that_is_known_or_ones_own() -> None:
    fact = "\nfacts: [{name: %s, value: 5, unit: m2, source: register}]"
    (fault,) = faults(("role: follower", "role: follower" + fact % "floorarea"))
    assert (fault.line, fault.key) == (6, "facts[0].name")
    assert "did you mean floor_area?" in fault.expected
    own = CITY.replace("role: follower", "role: follower" + fact % "x-floorarea")
    assert parse(own, "oslo.yaml", [fact_names.faults]).facts[0].name == "x-floorarea"


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("house") | st.just("1 h")
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "meter", "at"]), inner),
    max_leaves=6,
)


def places(value: object, above: tuple[int | str, ...] = ()) -> list[tuple[int | str, ...]]:
    """Return the keys of everything in a document."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(place for key, inner in entries for place in places(inner, (*above, key)))]


WHOLE = CITY.replace(
    "role: follower",
    "role: follower\nfactors: {heat: en-iso}\nfactor_series: {heat: {device: first, quantity: heat_energy}}\n"
    "facts: [{name: population, value: 1, unit: '1', source: s}]",
).replace(
    "site: barn}",
    "site: barn, valid_from: '2024-01-01', submeter_of: [{meter: first}], alarms: {silence: {}}, "
    "replacements: [{at: '2026-03-02T10:15:00+01:00', closing: {heat_energy: 1}}]}",
)
DOCUMENT: dict[str, Any] = yaml.safe_load(WHOLE)


@given(st.sampled_from(places(DOCUMENT)[1:]), VALUES)
def test_any_value_at_any_key_is_a_city_or_faults(keys: tuple[int | str, ...], value: object) -> None:
    document = yaml.safe_load(yaml.safe_dump(DOCUMENT))  # a copy, without aliases
    owner = document
    for key in keys[:-1]:
        owner = owner[key]
    owner[keys[-1]] = value
    try:
        parse(yaml.safe_dump(document), "fuzz.yaml", [fact_names.faults])
    except CityFileError as error:
        assert all(str(fault).startswith("fuzz.yaml") for fault in error.faults)  # noqa: PT017 - either outcome is right
