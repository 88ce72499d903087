"""What decoding costs beside msgspec's bare decoding of the same bytes, in the same run; judges nothing.

Every golden payload in JSON of which nothing is refused, as it is: most are small, which is when ratios are worst.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from time import process_time
from typing import Final

import msgspec
import pytest

from ingest.errors import DecodeError
from ingest.limits import DEFAULT
from tests.ingest.decoders.test_golden import CASES, decoder_of

SECONDS: Final = 0.02  # of each measurement, the least of several
ROUNDS: Final = 5
_BARE: Final = msgspec.json.Decoder()


def _cost(work: Callable[[], object]) -> float:
    """Return microseconds of the processor that a call takes, the least of some rounds."""
    began, calls = process_time(), 0
    while process_time() - began < SECONDS:
        work()
        calls += 1
    least = (process_time() - began) / calls
    for _ in range(ROUNDS - 1):
        began = process_time()
        for _ in range(calls):
            work()
        least = min(least, (process_time() - began) / calls)
    return least * 1e6


def _decoded() -> Iterator[tuple[str, str, bytes, Callable[[], object]]]:
    for case in CASES.values():
        (payload,) = case.glob("payload.*")
        data, decode = payload.read_bytes(), decoder_of(case).decode
        with suppress(DecodeError, ValueError, RecursionError):
            _BARE.decode(data)
            samples = decode(data, DEFAULT)
            if not any(sample.flaws for sample in samples):  # what is wrong is told in words, which costs more
                yield case.parent.name, case.name, data, partial(decode, data, DEFAULT)


def test_rate_of_decoders(capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for name, case, data, work in _decoded():
        bare = _cost(partial(_BARE.decode, data))
        ours = _cost(work)
        lines.append((name, case, len(data), bare, ours, ours / bare))
    assert lines
    with capsys.disabled():
        sys.stdout.write("\nformat            case                                    bytes  bare us    us   ratio\n")
        for name, case, size, bare, ours, ratio in lines:
            sys.stdout.write(f"{name:18}{case[:38]:38}{size:>7,}{bare:>9.2f}{ours:>7.1f}{ratio:>7.1f}\n")
