"""One value a message, and nothing else: what it is stands in the topic, ``evcc/loadpoints/1/chargeTotalImport``.

As evcc, the MQTT statestream of Home Assistant, openHAB, Homie and many small devices publish (recalled): a number as
JSON writes it, ``true`` or ``false``, or a word. A value has no time, so it is of its arrival.
"""

from math import isfinite
from typing import Final

import msgspec

from ingest.decoder import BARE, Decoder, Sample, quoted
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits

_READ: Final = msgspec.json.Decoder(float).decode
_NO_READING: Final = frozenset((b"null", b"none", b"unknown", b"unavailable", b""))
_BOOLEANS: Final = {b"true": 1.0, b"false": 0.0}


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the sample of a message; raises DecodeError for what is more than one value."""
    if payload in _BOOLEANS:
        return [Sample(None, {BARE: _BOOLEANS[payload]})]
    try:
        return [Sample(None, {BARE: _READ(payload)})]
    except ValueError:  # msgspec's errors are ValueErrors; no number as JSON writes it
        pass
    try:
        number = float(payload)
    except ValueError:
        pass
    else:
        if isfinite(number) and b"_" not in payload:  # which Python allows between digits
            return [Sample(None, {BARE: number})]
    text = payload.strip()
    if text in _NO_READING:
        return [Sample(None, {BARE: None})]
    if text in _BOOLEANS:
        return [Sample(None, {BARE: _BOOLEANS[text]})]
    word = text.decode("ascii", "replace")
    if len(word) > limits.name or not word.isprintable() or not word.isascii() or word[0] in '{["':
        raise DecodeError(f"expected one number or one word, found {quoted(payload)}")
    return [Sample(None, {}, texts={BARE: word})]


DECODER: Final = Decoder(name="single_value", title="One value a topic", keys=frozenset(), decode=decode, foreign=True)
