"""Register contracts and replacements as declared: in the series' unit, of registers only, and kept by the database."""

from datetime import date

import pytest
from pydantic import ValidationError

from ingest.errors import CityFileError
from ingest.model.calendar import day_start
from ingest.model.city.city_file import parse
from ingest.model.quantities.units import conversion
from ingest.model.registers import (
    RegisterContract,
    Replacement,
    Scope,
    read_stored,
    rescoped,
    stored,
    swaps,
)
from ingest.model.succession import Succession
from ingest.model.time import to_micros

ZONE = "Europe/Copenhagen"

CITY = """
name: harbour
title: Harbour
country: DK
timezone: Europe/Copenhagen
role: network
sites:
  - {name: house, vertical: district_heating}
devices:
  - name: meter
    site: house
    type: heat_meter
    carrier: heat
    direction: consumption
    expected_interval: PT15M
    replacements:
      - {at: "2026-03-02T10:15:00+01:00", closing: {heat_energy: 812.4}, opening: {heat_energy: 0.2}}
      - {at: "2027-03-02T10:15:00+01:00", serial_number: "71120045"}
    series:
      - {quantity: heat_energy, unit: MWh, register_contract: {modulus: 1000, jitter: 0.001}}
      - {quantity: return_temperature}
"""


def test_amounts_of_a_contract_are_brought_to_the_canonical_unit() -> None:
    device = parse(CITY, "harbour.yaml").devices[0]
    contract = device.series[0].contract_on(date.max)
    assert (contract.modulus, contract.jitter, contract.glitch_readings) == (1e6, 1.0, None)
    assert [(swap.closing, swap.opening) for swap in device.swaps(device.series[0], ZONE)] == [
        (pytest.approx(812_400.0), pytest.approx(200.0)),
        (None, None),
    ]
    assert device.swaps(device.series[1], ZONE) == ()


def test_what_the_database_keeps_reads_back_as_the_same_contracts() -> None:
    contract = RegisterContract(scope=Scope.SESSION, jitter=0.5).in_unit(conversion("MWh", "kWh"))
    told = Replacement.model_validate({"at": "2026-03-02T10:15:00+01:00", "opening": {"heat_energy": 1}})
    events = swaps((told,), "heat_energy", Succession(conversion("MWh", "kWh")))
    dated = Succession(contract, ((to_micros(told.at), RegisterContract(modulus=1e6)),))
    for every in (Succession(contract), dated):
        assert read_stored(stored(every, events)) == (every, events)
    assert read_stored({"scope": "lifetime", "on_decrease": None}) == (Succession(RegisterContract()), ())
    assert read_stored(None) == (Succession(RegisterContract()), ())


DATED = CITY.replace(
    "unit: MWh, register_contract: {modulus: 1000, jitter: 0.001}",
    """unit: [{unit: kWh, valid_to: 2026-04-01}, {unit: MWh, valid_from: 2026-04-01}],
         register_contract: [{modulus: 10000, valid_to: 2026-01-01}, {modulus: 1000, valid_from: 2026-03-01}]""",
)


def test_units_and_contracts_hold_from_a_day_on_and_amounts_are_in_the_unit_of_their_days() -> None:
    declared = parse(DATED, "harbour.yaml").devices[0].series[0]

    def begin(month: int) -> int:
        return day_start(date(2026, month, 1), ZONE)

    conversions, contracts = declared.conversions(ZONE), declared.contracts(ZONE)
    assert [conversions.at(begin(4) - 1).scale, conversions.at(begin(4)).scale] == [1.0, 1000.0]
    assert [(since, one.modulus) for since, one in contracts.later] == [
        (begin(1), None),
        (begin(3), 1000.0),
        (begin(4), 1_000_000.0),
    ]
    assert contracts.first.modulus == 10_000.0


def test_readings_at_a_replacement_are_each_in_the_unit_of_their_time() -> None:
    moved = DATED.replace("2026-03-02T10:15:00+01:00", "2026-04-01T00:00:00+02:00")
    device = parse(moved, "harbour.yaml").devices[0]
    first = device.swaps(device.series[0], ZONE)[0]
    assert first.closing == 812.4
    assert first.opening == pytest.approx(200.0)


def test_a_scope_that_changes_begins_anew_with_nobody_knowing_where_unless_it_counts_by_the_day_from_then_on() -> None:
    def scopes(*names: str) -> Succession[RegisterContract]:
        first, *later = (RegisterContract(scope=Scope(name)) for name in names)
        return Succession(first, tuple(enumerate(later, start=1)))

    assert [to_micros(one.at) for one in rescoped(scopes("lifetime", "session", "session", "day", "lifetime"))] == [
        1,
        4,
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("unit: kWh, valid_to: 2026-04-01", "unit: kWh", "unit[0].valid_to", "since another entry follows"),
        (
            "unit: kWh, valid_to: 2026-04-01",
            "unit: kWh, valid_to: 2026-03-31",
            "unit[1].valid_from",
            "days without unit",
        ),
        (
            "unit: MWh, valid_from",
            "unit: MWh, valid_to: 2027-01-01, valid_from",
            "unit[1].valid_to",
            "no unit from then",
        ),
        ("unit: kWh, valid_to", "unit: kWh, valid_from: 2020-01-01, valid_to", "unit[0].valid_from", "no unit before"),
        (
            "valid_from: 2026-03-01",
            "valid_from: 2025-12-31",
            "register_contract[1].valid_from",
            "expected 2026-01-01 or a later day, when the entry before has ended",
        ),
        ("modulus: 1000,", "modulus: 0,", "register_contract[1].modulus", "a number above 0"),
    ],
)
def test_dated_units_and_contracts_that_overlap_or_leave_a_gap_are_refused_by_key(
    old: str, new: str, key: str, expected: str
) -> None:
    with pytest.raises(CityFileError) as caught:
        parse(DATED.replace(old, new, 1), "harbour.yaml")
    assert caught.value.faults[0].key == f"devices[0].series[0].{key}"
    assert expected in caught.value.faults[0].expected


def test_contracts_that_differ_have_different_digests() -> None:
    contracts = [RegisterContract(), RegisterContract(jitter=0.1), RegisterContract(modulus=1e6)]
    assert len({contract.digest for contract in contracts}) == 3
    assert RegisterContract().digest == RegisterContract().digest


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "{quantity: return_temperature}",
            "{quantity: return_temperature, register_contract: {jitter: 1}}",
            "registers",
        ),
        ("closing: {heat_energy", "closing: {return_temperature", "expected registers of this device, heat_energy"),
        ("2027-03-02T10:15:00+01:00", "2026-03-02T09:15:00Z", "expected a later instant"),
        ("2027-03-02T10:15:00+01:00", "2027-03-02T10:15:00", "a time with offset such as"),
        ("modulus: 1000", "scope: day, modulus: 1000", "lifetime"),
        ("jitter: 0.001", "jitter: 200", "tenth"),
        ("modulus: 1000", "modulus: -1", "a number above 0"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_expected(old: str, new: str, expected: str) -> None:
    with pytest.raises(CityFileError, match=expected):
        parse(CITY.replace(old, new), "harbour.yaml")


def test_a_contract_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RegisterContract().jitter = 1.0
