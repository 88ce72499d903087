"""Which meter was read, and when values were issued."""

import json

import pytest

from ingest.decoder import Sample
from ingest.decoders.pharos import decode
from ingest.decoders.pharos.patient import decode_patiently
from ingest.reasons import Reason
from tests.ingest.decoders.pharos.payloads import NOON, decoded, reasons


@pytest.mark.parametrize("serial", ["71120045", "E-450 'b'", "a" * 64, '"', None])
def test_a_message_may_say_which_meter_was_read(serial: str | None) -> None:
    document = {"time": NOON // 1000, "values": {"volume": 1}, "serial_number": serial}
    assert decoded(document) == [Sample(NOON, {"volume": 1.0}, serial_number=serial)]
    assert decode_patiently(json.dumps(document).encode()) == decoded(document)


@pytest.mark.parametrize("serial", ["", "a" * 65, "71120045\n", "a\x00", "Zähler", 71120045, ["a"]])
def test_a_serial_number_that_is_none_is_told(serial: object) -> None:
    (sample,) = decoded({"values": {"volume": 1}, "serial_number": serial})
    assert reasons(sample) == [(Reason.UNDECODABLE, 1)]
    assert "at 'serial_number'" in sample.flaws[0].detail


@pytest.mark.parametrize(
    ("revision", "number"),
    [
        (7, 7.0),
        (-0.5, -0.5),
        ("2026-11-21T12:00:00Z", NOON / 1000),
        ("2026-11-21T13:00:00.000001+01:00", NOON / 1000 + 0.001),
        (None, None),
    ],
)
def test_a_message_may_say_when_its_values_were_issued(revision: object, number: float | None) -> None:
    document = {"time": NOON // 1000, "values": {"volume": 1}, "revision": revision}
    assert decoded(document) == [Sample(NOON, {"volume": 1.0}, revision=number)]
    assert decode_patiently(json.dumps(document).encode()) == decoded(document)
    assert decoded(document | {"values": {"connector_status": "Available"}})[0].revision == number


@pytest.mark.parametrize("revision", ["7", "2026-11-21", "2026-11-21T12:00:00", True, [7], "0001-01-01T00:00:00+05:00"])
def test_a_revision_that_is_none_is_told(revision: object) -> None:
    (sample,) = decoded({"values": {"volume": 1, "flow": None}, "revision": revision})
    assert reasons(sample) == [(Reason.BAD_REVISION, 1)]
    assert sample.flaws[0].field == "revision"
    assert "expected RFC 3339 with offset" in sample.flaws[0].detail


def test_a_revision_beyond_every_float_is_told() -> None:
    (sample,) = decode(b'{"values": {"volume": 1}, "revision": 1' + b"0" * 400 + b"}")
    assert reasons(sample) == [(Reason.BAD_REVISION, 1)]
