"""Amounts for an interval, of which both edges are known."""

import json

import pytest

from ingest.decoders.pharos import decode
from ingest.decoders.pharos.patient import decode_patiently
from ingest.model.given_interval import GivenInterval
from ingest.model.time import SECOND
from ingest.reasons import Reason
from tests.ingest.decoders.pharos.payloads import NOON, START, decoded, reasons


@pytest.mark.parametrize(
    ("edges", "time"),
    [
        ({"begin": "2026-11-21T11:20:00Z", "time": "2026-11-21T12:00:00Z"}, NOON),
        ({"begin": "2026-11-21T12:20:00+01:00", "end": NOON // 1000}, NOON),
        ({"time": START // 1000, "end": "2026-11-21T12:00:00Z"}, START),
        ({"begin": START // 1000, "end": NOON // 1000, "time": None}, NOON),
        ({"begin": START // 1000, "end": NOON // 1000, "time": NOON // 1000 + 1}, NOON + 1000),
    ],
)
def test_amounts_may_be_for_an_interval_of_which_time_is_the_edge_that_is_not_given(
    edges: dict[str, object], time: int
) -> None:
    document = edges | {"values": {"electricity_energy": 3.1, "connector_status": "Charging"}, "revision": 2}
    (sample,) = decoded(document)
    assert (sample.time, sample.interval, sample.flaws) == (time, GivenInterval(START, NOON), ())
    assert decode_patiently(json.dumps(document).encode()) == [sample]


@pytest.mark.parametrize(("edge", "other"), [("begin", "end"), ("end", "begin")])
def test_an_edge_that_stands_alone_refuses_its_object_and_names_the_other(edge: str, other: str) -> None:
    bad, good = decoded([{edge: NOON // 1000, "values": {"volume": 1, "flow": 2}}, {"values": {"flow": 1}}])
    assert bad.values == {}
    assert [(flaw.reason, flaw.readings, flaw.field) for flaw in bad.flaws] == [(Reason.BAD_INTERVAL, 2, edge)]
    assert bad.flaws[0].detail.endswith(f"expected the {other} of the interval beside it, at {other} or at time")
    assert good.values == {"flow": 1.0}


@pytest.mark.parametrize("begin", ["2026-11-21T11:20:00", "yesterday", NOON // SECOND, 1.5, True, {}])
def test_a_begin_that_is_no_time_is_told_at_its_key(begin: object) -> None:
    (sample,) = decoded({"begin": begin, "time": NOON // 1000, "values": {"volume": 1}})
    assert [(flaw.reason, flaw.readings, flaw.field) for flaw in sample.flaws] == [(Reason.BAD_TIME, 1, "begin")]
    assert sample.flaws[0].detail.startswith("begin is ")


def test_a_begin_that_is_given_twice_is_no_begin() -> None:
    payload = f'{{"begin":{START // 1000},"begin":{START // 1000},"time":{NOON // 1000},"values":{{"volume":1}}}}'
    (sample,) = decode(payload.encode())
    assert reasons(sample) == [(Reason.UNDECODABLE, 1)]
