"""Register contracts and replacements as declared: in the series' unit, of registers only, and kept by the database."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from ingest.errors import CityFileError
from ingest.model.calendar import day_start
from ingest.model.city.assets import Device
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
from tests.towns import NOTHING, Declared, heat_meter, sending, town

ZONE = "Europe/Copenhagen"

SWAP = {"at": "2026-03-02T10:15:00+01:00", "closing": {"heat_energy": 812.4}, "opening": {"heat_energy": 0.2}}
RENEWED = {"at": "2027-03-02T10:15:00+01:00", "serial_number": "71120045"}
CONTRACT = {"modulus": 1000, "jitter": 0.001}


def declared(
    unit: object = "MWh", contract: object = CONTRACT, swaps: object = (SWAP, RENEWED), returned: Declared = NOTHING
) -> Device:
    """Return a meter as its city file declares it: its register, its replacements, and its return temperature."""
    series = sending("heat_energy", unit=unit, register_contract=contract), sending("return_temperature", **returned)
    return parse(town(heat_meter(*series, every="PT15M", replacements=swaps)), "harbour.yaml").devices[0]


def test_amounts_of_a_contract_are_brought_to_the_canonical_unit() -> None:
    device = declared()
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


KWH, MWH = {"unit": "kWh", "valid_to": "2026-04-01"}, {"unit": "MWh", "valid_from": "2026-04-01"}
LONGER, SHORTER = {"modulus": 10000, "valid_to": "2026-01-01"}, {"modulus": 1000, "valid_from": "2026-03-01"}
DATED: dict[str, Any] = {"unit": [KWH, MWH], "contract": [LONGER, SHORTER]}


def test_units_and_contracts_hold_from_a_day_on_and_amounts_are_in_the_unit_of_their_days() -> None:
    series = declared(**DATED).series[0]

    def begin(month: int) -> int:
        return day_start(date(2026, month, 1), ZONE)

    conversions, contracts = series.conversions(ZONE), series.contracts(ZONE)
    assert [conversions.at(begin(4) - 1).scale, conversions.at(begin(4)).scale] == [1.0, 1000.0]
    assert [(since, one.modulus) for since, one in contracts.later] == [
        (begin(1), None),
        (begin(3), 1000.0),
        (begin(4), 1_000_000.0),
    ]
    assert contracts.first.modulus == 10_000.0


def test_readings_at_a_replacement_are_each_in_the_unit_of_their_time() -> None:
    device = declared(**DATED, swaps=[{**SWAP, "at": "2026-04-01T00:00:00+02:00"}, RENEWED])
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
    ("changed", "key", "expected"),
    [
        ({"unit": [{"unit": "kWh"}, MWH]}, "unit[0].valid_to", "since another entry follows"),
        ({"unit": [{**KWH, "valid_to": "2026-03-31"}, MWH]}, "unit[1].valid_from", "days without unit"),
        ({"unit": [KWH, {**MWH, "valid_to": "2027-01-01"}]}, "unit[1].valid_to", "no unit from then"),
        ({"unit": [{**KWH, "valid_from": "2020-01-01"}, MWH]}, "unit[0].valid_from", "no unit before"),
        (
            {"contract": [LONGER, {**SHORTER, "valid_from": "2025-12-31"}]},
            "register_contract[1].valid_from",
            "expected 2026-01-01 or a later day, when the entry before has ended",
        ),
        ({"contract": [LONGER, {**SHORTER, "modulus": 0}]}, "register_contract[1].modulus", "a number above 0"),
    ],
)
def test_dated_units_and_contracts_that_overlap_or_leave_a_gap_are_refused_by_key(
    changed: dict[str, object], key: str, expected: str
) -> None:
    with pytest.raises(CityFileError) as caught:
        declared(**DATED | changed)
    assert caught.value.faults[0].key == f"devices[0].series[0].{key}"
    assert expected in caught.value.faults[0].expected


def test_contracts_that_differ_have_different_digests() -> None:
    contracts = [RegisterContract(), RegisterContract(jitter=0.1), RegisterContract(modulus=1e6)]
    assert len({contract.digest for contract in contracts}) == 3
    assert RegisterContract().digest == RegisterContract().digest


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"returned": {"register_contract": {"jitter": 1}}}, "registers"),
        (
            {"swaps": [{**SWAP, "closing": {"return_temperature": 812.4}}, RENEWED]},
            "expected registers of this device, heat_energy",
        ),
        ({"swaps": [SWAP, {**RENEWED, "at": "2026-03-02T09:15:00Z"}]}, "expected a later instant"),
        ({"swaps": [SWAP, {**RENEWED, "at": "2027-03-02T10:15:00"}]}, "a time with offset such as"),
        ({"contract": {**CONTRACT, "scope": "day"}}, "lifetime"),
        ({"contract": {**CONTRACT, "jitter": 200}}, "tenth"),
        ({"contract": {**CONTRACT, "modulus": -1}}, "a number above 0"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_expected(changed: dict[str, Any], expected: str) -> None:
    with pytest.raises(CityFileError, match=expected):
        declared(**changed)


def test_a_contract_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RegisterContract().jitter = 1.0
