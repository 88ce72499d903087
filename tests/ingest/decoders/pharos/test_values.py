"""Values and their units: what is good is taken, what is bad is named, and neither costs the other."""

import json

import pytest

from ingest.decoder import Sample
from ingest.decoders.pharos import decode
from ingest.decoders.pharos.patient import decode_patiently
from ingest.reasons import Reason
from tests.ingest.decoders.pharos.payloads import NOON, decoded, reasons


def test_units_travel_with_the_sample() -> None:
    (sample,) = decoded({"values": {"heat_energy": 1}, "units": {"heat_energy": "MWh"}})
    assert sample.units == {"heat_energy": "MWh"}


def test_null_is_no_reading_and_no_fault() -> None:
    (sample,) = decoded({"values": {"volume": None, "flow": 1}})
    assert sample == Sample(None, {"volume": None, "flow": 1.0})


@pytest.mark.parametrize("bad", ["true", "[1]", '{"v": 1}', "NaN", "-Infinity", "1e999", "1" * 400, "1" * 5000])
def test_a_value_that_is_no_number_is_refused_and_the_others_are_kept(bad: str) -> None:
    (sample,) = decode(f'{{"values": {{"flow": {bad}, "volume": 2}}}}'.encode())
    assert sample.values == {"volume": 2.0}
    assert reasons(sample) == [(Reason.NOT_A_NUMBER, 1)]
    assert "'flow'" in sample.flaws[0].detail


def test_a_quantity_given_twice_is_refused_as_often_as_it_was_given() -> None:
    (sample,) = decode(b'{"values": {"flow": 1, "volume": 2, "flow": 1}}')
    assert sample.values == {"volume": 2.0}
    assert reasons(sample) == [(Reason.DUPLICATE_KEY, 2)]


def test_a_text_is_kept_beside_the_numbers_for_whoever_knows_the_quantity() -> None:
    (sample,) = decoded({"time": NOON // 1000, "values": {"connector_status": "Charging", "flow": 1, "volume": None}})
    assert sample == Sample(NOON, {"flow": 1.0, "volume": None}, texts={"connector_status": "Charging"})


@pytest.mark.parametrize("text", ['"', "\\", "\u00e9", "", "Charging"])
def test_both_readings_of_a_payload_agree_on_texts(text: str) -> None:
    payload = json.dumps([{"values": {"connector_status": text, "flow": 2.5}, "units": {"flow": "l/h"}}]).encode()
    assert decode(payload) == decode_patiently(payload)


def test_a_text_given_twice_is_refused() -> None:
    (sample,) = decode(b'{"values": {"connector_status": "Faulted", "connector_status": "Available"}}')
    assert sample.texts == {}
    assert reasons(sample) == [(Reason.DUPLICATE_KEY, 2)]


def test_a_unit_of_no_value_refuses_its_sample_and_says_which_was_meant() -> None:
    bad, good = decoded(
        [
            {"values": {"heat_energy": 5.3, "volume": 1}, "units": {"heat_enrgy": "MWh"}},
            {"values": {"heat_energy": 1}, "units": {"heat_energy": "MWh"}},
        ]
    )
    assert reasons(bad) == [(Reason.UNIT_MISMATCH, 2)]
    assert bad.flaws[0].detail == "'units' names 'heat_enrgy', of which there is no value; did you mean 'heat_energy'?"
    assert good.values == {"heat_energy": 1.0}


@pytest.mark.parametrize("value", [None, "text", True])
def test_a_unit_of_a_value_that_is_none_or_refused_is_no_stray_one(value: object) -> None:
    (sample,) = decoded({"values": {"flow": value, "volume": 1}, "units": {"flow": "l/h"}})
    assert sample.values["volume"] == 1.0
