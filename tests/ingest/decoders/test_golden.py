"""Each format by its golden cases: a folder of one payload and of the samples that it holds.

``golden/DECODER/CASE/payload.*`` with ``expected.json``: the samples in their order, each with what it says of
``time``, ``begin``, ``end`` (RFC 3339), ``local`` (the same without offset), ``age``, ``device``, ``frame``,
``values``, ``texts``, ``units``, ``serial_number``, ``revision``, ``is_estimated`` and the reasons of its ``flaws``;
what it does not say is left out. Of a payload that is refused as a whole it is an object that says why:
``{"refused": sentence}``.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from ingest.decoder import Decoder, Sample
from ingest.decoders import DECODERS, mapping
from ingest.errors import DecodeError
from ingest.limits import DEFAULT
from ingest.model.payload_mapping import PayloadMapping
from ingest.model.quantities.quantity import QUANTITIES, Quantity
from ingest.model.quantities.units import conversion
from ingest.model.time import isoformat
from tests.every import of_every

GOLDEN: Final = Path(__file__).parent / "golden"
CASES: Final = {f"{path.parent.name}/{path.name}": path for path in sorted(GOLDEN.glob("*/*")) if path.is_dir()}


def said(sample: Sample) -> dict[str, Any]:
    """Return what a sample says, as its golden case writes it."""
    interval = sample.interval
    found: dict[str, Any] = {
        "time": None if sample.time is None else isoformat(sample.time),
        "begin": isoformat(interval.begin) if interval else None,
        "end": isoformat(interval.end) if interval else None,
        "local": None if sample.local is None else isoformat(sample.local).removesuffix("Z"),
        "age": sample.age or None,
        "device": sample.device,
        "frame": f"port {sample.frame.port}: {sample.frame.data.hex()}" if sample.frame else None,
        "values": dict(sample.values),
        "texts": dict(sample.texts),
        "units": dict(sample.units),
        "serial_number": sample.serial_number,
        "revision": sample.revision,
        "is_estimated": sample.is_estimated or None,
        "flaws": [flaw.reason.value for flaw in sample.flaws],
    }
    return spoken(found)


def spoken(sample: dict[str, Any]) -> dict[str, Any]:
    """Return ``sample`` without what says nothing."""
    return {key: value for key, value in sample.items() if value not in (None, {}, [])}


@cache
def decoder_of(case: Path) -> Decoder:
    """Return the decoder of a case: that of its format, or the one that its ``mapping.yaml`` describes."""
    if (declared := case / "mapping.yaml").exists():
        return mapping.decoder_of(PayloadMapping.model_validate(yaml.safe_load(declared.read_text(encoding="utf-8"))))
    return DECODERS[case.parent.name]


def decoded(case: Path) -> list[Sample]:
    """Return the samples of a case's payload."""
    (payload,) = case.glob("payload.*")
    return decoder_of(case).decode(payload.read_bytes(), DEFAULT)


def expected(case: Path) -> Any:  # noqa: ANN401 - a list of samples, or an object that says why there are none
    """Return what a case says that becomes of its payload."""
    return json.loads((case / "expected.json").read_text(encoding="utf-8"))


@of_every(CASES)
def test_a_payload_holds_what_its_case_says(case: Path) -> None:
    wanted = expected(case)
    if isinstance(wanted, dict):
        with pytest.raises(DecodeError) as told:
            decoded(case)
        assert str(told.value) == wanted["refused"]
    else:
        assert [said(sample) for sample in decoded(case)] == [spoken(sample) for sample in wanted]


@of_every(CASES)
def test_what_a_case_names_has_a_unit_and_a_state_that_its_quantity_knows(case: Path) -> None:
    if isinstance(expected(case), dict):
        return
    decoder = decoder_of(case)
    for sample in decoded(case):
        for field, unit in sample.units.items():
            if quantity := meaning(decoder, field):
                assert conversion(unit, quantity.unit)  # raises a UnitError that says what would do
        for field, text in sample.texts.items():
            if (quantity := meaning(decoder, field)) and quantity.states:  # of a number it says why there is none
                assert text in quantity.states, field


@of_every(DECODERS)
def test_a_decoder_names_quantities_that_exist(decoder: Decoder) -> None:
    assert {field: name for field, name in decoder.meanings.items() if name not in QUANTITIES} == {}


@of_every({name: name for name in DECODERS})
def test_a_decoder_has_golden_cases(name: str) -> None:
    assert [case for case in CASES if case.startswith(f"{name}/")]


def meaning(decoder: Decoder, field: str) -> Quantity | None:
    """Return the quantity of a field whose meaning its format fixes; a field of the native payload is a quantity."""
    return QUANTITIES.get(decoder.meanings.get(field, "" if decoder.foreign else field))
