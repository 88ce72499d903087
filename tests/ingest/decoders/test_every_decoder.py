"""What every decoder owes its callers, whatever the format: a new one is held to this without a new test."""

import json
from contextlib import suppress
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.decoder import Decoder, Sample
from ingest.decoders import DECODERS
from ingest.errors import DecodeError
from ingest.limits import DEFAULT

YEAR_1, YEAR_9999 = -62_135_596_800_000_000, 253_402_300_800_000_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text() | st.sampled_from(["time", "values"]), children),
)


@pytest.fixture(params=list(DECODERS.values()), ids=list(DECODERS))
def decoder(request: pytest.FixtureRequest) -> Decoder:
    found: Decoder = request.param
    return found


@pytest.mark.long
@given(payload=st.binary() | JSON.map(lambda document: json.dumps(document).encode()))
@example(payload=b"[{}]")
@example(payload=b"[" * 100_000)
@example(payload=b'{"values":{"a":' * 50_000)
@example(payload=b'{"time":' + b"9" * 5_000 + b',"values":{"a":1}}')
def test_any_bytes_give_samples_or_a_decode_error(payload: bytes) -> None:
    for decoder in DECODERS.values():
        check(decoder, payload)


@pytest.mark.long
@pytest.mark.reference_data
def test_hostile_strings_give_samples_or_a_decode_error(decoder: Decoder, reference_data: Path) -> None:
    strings = json.loads((reference_data / "hostile" / "naughty_strings.json").read_text())
    documents = [
        text
        for string in strings
        for text in (
            string,
            json.dumps({"values": {string: 1}}),
            json.dumps({"time": string, "values": {"heat_energy": string}}, ensure_ascii=False),
        )
    ]
    for text in documents:
        check(decoder, text.encode("utf-8", "surrogatepass"))
    for line in (reference_data / "hostile" / "utf8tests.txt").read_bytes().splitlines():
        check(decoder, b'{"values": {"%s": 1}}' % line)


def check(decoder: Decoder, payload: bytes) -> None:
    with suppress(DecodeError):
        samples = decoder.decode(payload, DEFAULT)
        assert samples, "a message that says nothing is told as empty"
        for sample in samples:
            _check_sample(sample)


def _check_sample(sample: Sample) -> None:
    assert sample.time is None or YEAR_1 <= sample.time <= YEAR_9999
    assert sample.local is None or (sample.time is None and YEAR_1 <= sample.local <= YEAR_9999)
    assert all(value is None or isfinite(value) for value in sample.values.values())
    assert all(type(value) is float for value in sample.values.values() if value is not None)
    assert all(flaw.readings >= 0 and flaw.detail.isprintable() for flaw in sample.flaws)
    assert sample.device is None or sample.device
    assert not any(word in flaw.detail.split() for flaw in sample.flaws for word in ("None", "True", "False"))
