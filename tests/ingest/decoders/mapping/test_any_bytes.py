"""What every decoder owes its callers, of those that mappings describe."""

import json
from contextlib import suppress
from itertools import product
from math import isfinite

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.decoders import mapping
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.payload_mapping import PayloadMapping

VALUES = {"values": [{"column": "v", "quantity": "heat_energy"}, {"column": "s", "quantity": "connector_status"}]}
TIMES: list[dict[str, object]] = [
    {},
    {"time": {"column": "t"}},
    {"time": {"column": "t", "epoch": "s"}},
    {"time": {"column": "t", "format": "%d.%m.%Y %H:%M"}},
    {"begin": {"column": "b", "epoch": "ms"}, "end": {"column": "t", "epoch": "ms"}},
]
FORMATS: list[dict[str, object]] = [{}, {"rows": "v[*]"}, {"format": "csv"}, {"format": "csv", "header": list("tvsb")}]
MAPPINGS = [
    PayloadMapping.model_validate({**VALUES, **time, **form, "device": {"column": "s"}})
    for time, form in product(TIMES, FORMATS)
]
CELL = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
ROW = st.dictionaries(st.sampled_from(["v", "s", "t", "b"]), CELL)


@settings(max_examples=min(40, settings().max_examples))
@given(
    payload=st.binary() | st.text().map(str.encode) | (ROW | st.lists(ROW)).map(lambda row: json.dumps(row).encode())
)
@example(payload=b"[" * 100_000)
@example(payload=b'{"v": 1, "t": 1e300, "b": 1}')
@example(payload=b'{"v": 1, "t": "31.12.9999 23:59"}')
@example(payload=b't,v,s,b\n99999999999999999999,1,"a\n')
@example(payload=b"\0")
def test_any_bytes_give_samples_or_a_decode_error(payload: bytes) -> None:
    for declared in MAPPINGS:
        with suppress(DecodeError):
            samples = mapping.decoder_of(declared).decode(payload, DEFAULT)
            assert samples
            for sample in samples:
                assert all(type(one) is float and isfinite(one) for one in sample.values.values())
                assert all(flaw.detail.isprintable() for flaw in sample.flaws)


def test_more_rows_than_a_message_may_hold_are_refused() -> None:
    decoder = mapping.decoder_of(MAPPINGS[0])
    with pytest.raises(OverLimitError):
        decoder.decode(json.dumps([{"v": 1}] * 3).encode(), PayloadLimits(samples=2))
