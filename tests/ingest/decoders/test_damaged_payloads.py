"""Payloads that a decoder understands, damaged: each gives sound samples or a DecodeError, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoders import DECODERS
from tests.ingest.decoders.test_every_decoder import check
from tests.ingest.decoders.test_golden import CASES

pytestmark = pytest.mark.long

PAYLOADS: Final = [(case.parent.name, next(case.glob("payload.*")).read_bytes()) for case in CASES.values()]
# What stands nowhere in a good payload, or at another place.
STRANGERS: Final[tuple[object, ...]] = (
    None,
    True,
    -1,
    1e308,
    10**30,
    "",
    "x",
    "2026-11-21T12:00:00",
    "\ud800",
    [],
    {},
    [[1]],
    {"": {"": 1}},
)


@given(st.sampled_from(PAYLOADS), st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), max_size=3))
def test_other_bytes_give_samples_or_a_decode_error(case: tuple[str, bytes], changes: list[tuple[int, int]]) -> None:
    name, payload = case
    damaged = bytearray(payload)
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    check(DECODERS[name], bytes(damaged))


@pytest.mark.parametrize("name", list(DECODERS))
def test_a_stranger_in_any_place_gives_samples_or_a_decode_error(name: str) -> None:
    for payload in (payload for decoder, payload in PAYLOADS if decoder == name):
        for damaged in _damaged(payload):
            check(DECODERS[name], damaged)


def _damaged(payload: bytes) -> Iterator[bytes]:
    """Yield a JSON document with one of the strangers in each of its places in turn; of others nothing."""
    try:
        document = json.loads(payload)
    except ValueError:
        return
    for number, path in enumerate(_places(document)):
        for stranger in STRANGERS[number % 3 :: 3]:  # a third in each place: all meet all kinds of places
            yield json.dumps(_with(document, path, stranger)).encode()


def _places(document: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    pairs = (
        document.items() if isinstance(document, dict) else enumerate(document if isinstance(document, list) else ())
    )
    for key, held in pairs:
        yield from _places(held, (*path, key))


def _with(document: object, path: tuple[Any, ...], value: object) -> object:
    """Return ``document`` with ``value`` at ``path``."""
    if not path or not isinstance(document, (dict, list)):
        return value
    changed = document.copy()
    changed[path[0]] = _with(document[path[0]], path[1:], value)
    return changed
