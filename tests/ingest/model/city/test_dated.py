"""Lists of dated entries in city files: accepted exactly if one holds on each day, and kept as they were written."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import CityFileError
from ingest.model.city.assets import City
from ingest.model.city.city_file import parse

CITY = """
name: harbour
title: Harbour
country: DK
timezone: Europe/Copenhagen
role: network
factors: {heat: %(factors)s}
sites:
  - {name: house, vertical: district_heating}
devices:
  - name: meter
    site: house
    type: heat_meter
    carrier: heat
    direction: consumption
    expected_interval: PT15M
    series:
      - {quantity: heat_energy, unit: %(unit)s, register_contract: %(contract)s}
      - {quantity: volume}
"""
SHORT = {"factors": "one", "unit": "MWh", "contract": "{jitter: 0.1}"}
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 6))
ENTRIES = st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=4)

Span = tuple[date | None, date | None]


def written(entries: list[Span], said: str) -> str:
    def entry(span: Span) -> str:
        days = (f", {key}: {day}" for key, day in zip(("valid_from", "valid_to"), span, strict=True) if day)
        return f"{{{said}{''.join(days)}}}"

    return f"[{', '.join(map(entry, entries))}]"


def faults(**lists: str) -> list[str]:
    try:
        parse(CITY % (SHORT | lists), "harbour.yaml")
    except CityFileError as error:
        return [fault.key for fault in error.faults]
    return []


def in_order(entries: list[Span]) -> bool:
    turned = any(begin and end and end <= begin for begin, end in entries)
    return not turned and all(a[1] and b[0] and a[1] <= b[0] for a, b in pairwise(entries))


@pytest.mark.parametrize(
    ("name", "said", "key"),
    [
        ("factors", "factor: one", "factors.heat"),
        ("contract", "jitter: 0.1", "devices[0].series[0].register_contract"),
    ],
)
@given(ENTRIES)
def test_entries_are_refused_by_their_key_exactly_if_they_overlap_or_are_out_of_order(
    name: str, said: str, key: str, entries: list[Span]
) -> None:
    found = faults(**{name: written(entries, said)})
    assert bool(found) is not in_order(entries)
    assert all(one.startswith(f"{key}[") for one in found)


@given(ENTRIES)
def test_units_leave_no_day_without_one(entries: list[Span]) -> None:
    found = faults(unit=written(entries, "unit: MWh"))
    whole = entries[0][0] is None and entries[-1][1] is None and all(a[1] == b[0] for a, b in pairwise(entries))
    assert bool(found) is not (in_order(entries) and whole)
    assert all(one.startswith("devices[0].series[0].unit[") for one in found)


@given(ENTRIES.filter(in_order), ENTRIES.filter(in_order))
def test_what_is_kept_reads_back_the_same(contracts: list[Span], factors: list[Span]) -> None:
    lists = {"contract": written(contracts, "jitter: 0.1"), "factors": written(factors, "factor: one")}
    city = parse(CITY % (SHORT | lists), "harbour.yaml")
    assert City.model_validate(city.model_dump(mode="json")) == city


def test_what_never_changed_is_kept_as_it_is_written_short() -> None:
    def kept(**lists: str) -> tuple[Any, Any]:
        document = parse(CITY % (SHORT | lists), "harbour.yaml").model_dump(mode="json")
        return document["factors"], document["devices"][0]["series"][0]["unit"]

    assert kept() == kept(factors="[{factor: one}]", unit="[{unit: MWh}]") == ({"heat": "one"}, "MWh")


@pytest.mark.parametrize(
    ("lists", "key"),
    [
        ({"contract": "{jitter: -1}"}, "devices[0].series[0].register_contract.jitter"),
        ({"contract": "{jitte: 1}"}, "devices[0].series[0].register_contract.jitte"),
        ({"contract": "[{}, {jitter: -1}]"}, "devices[0].series[0].register_contract[1].jitter"),
        ({"contract": "daily"}, "devices[0].series[0].register_contract"),
        ({"unit": "[{unit: 7}]"}, "devices[0].series[0].unit[0].unit"),
        ({"unit": "7"}, "devices[0].series[0].unit"),
        ({"unit": "[{unit: MWh, valid_from: 2026-02-30}]"}, "devices[0].series[0].unit[0].valid_from"),
        ({"factors": "[one]"}, "factors.heat[0]"),
    ],
)
def test_a_fault_is_named_where_it_was_written(lists: dict[str, str], key: str) -> None:
    assert faults(**lists) == [key]
