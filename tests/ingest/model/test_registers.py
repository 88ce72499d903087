"""Register contracts and replacements as declared: in the series' unit, of registers only, and kept by the database."""

import pytest
from pydantic import ValidationError

from ingest.errors import CityFileError
from ingest.model.city_file import parse
from ingest.model.registers import GLITCH_READINGS, RegisterContract, Replacement, Scope, read_stored, swaps
from ingest.model.units import conversion

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
    contract = device.series[0].contract
    assert (contract.modulus, contract.jitter, contract.longest_glitch) == (1e6, 1.0, GLITCH_READINGS)
    assert [(swap.closing, swap.opening) for swap in device.swaps(device.series[0])] == [
        (pytest.approx(812_400.0), pytest.approx(200.0)),
        (None, None),
    ]
    assert device.swaps(device.series[1]) == ()


def test_what_the_database_keeps_reads_back_as_the_same_contract() -> None:
    contract = RegisterContract(scope=Scope.SESSION, jitter=0.5).in_unit(conversion("MWh", "kWh"))
    told = Replacement.model_validate({"at": "2026-03-02T10:15:00+01:00", "opening": {"heat_energy": 1}})
    events = swaps((told,), "heat_energy", conversion("MWh", "kWh"))
    document = {**contract.stored(), "replacements": [event.model_dump(mode="json") for event in events]}
    assert read_stored(document) == (contract, events)
    assert read_stored({"scope": "lifetime", "on_decrease": "reset_to_zero"}) == (RegisterContract(), ())
    assert read_stored(None) == (RegisterContract(), ())


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
        ("2027-03-02T10:15:00+01:00", "2027-03-02T10:15:00", "timezone"),
        ("modulus: 1000", "scope: day, modulus: 1000", "lifetime"),
        ("jitter: 0.001", "jitter: 200", "tenth"),
        ("modulus: 1000", "modulus: -1", "greater than 0"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_expected(old: str, new: str, expected: str) -> None:
    with pytest.raises(CityFileError, match=expected):
        parse(CITY.replace(old, new), "harbour.yaml")


def test_a_contract_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RegisterContract().jitter = 1.0
