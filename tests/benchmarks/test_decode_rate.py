"""What decoding costs beside msgspec's bare decoding of the same bytes, in the same run; judges nothing.

Every golden payload in JSON of which nothing is refused, as it is: most are small, which is when ratios are worst. The
ratio of a format is that of all its payloads together; it is told which are over what they should be. Told too is the
native message of four numbers at a time, which is what most send.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from time import process_time
from typing import Final

import msgspec
import pytest

from ingest.decoders import DECODERS
from ingest.errors import DecodeError
from ingest.limits import DEFAULT
from tests.ingest.decoders.test_golden import CASES, decoder_of

SECONDS: Final = 0.002  # of each measurement, the least of many: the shorter, the fewer are disturbed
ROUNDS: Final = 15
NATIVE: Final = "pharos"
CEILING, NATIVE_CEILING = 10.0, 3.0  # times the bare decoding
PLAIN: Final = b"""{"time": "2026-11-21T23:00:00.123Z", "values": {"heat_energy": 40.128701, "volume": 40.128702,
 "supply_temperature": 40.128703, "return_temperature": 40.128704}}"""
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
    whole: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for name, case, data, work in _decoded():
        bare = _cost(partial(_BARE.decode, data))
        ours = _cost(work)
        lines.append((name, case, len(data), bare, ours))
        whole[name] = whole[name][0] + bare, whole[name][1] + ours
    assert lines
    plain = _cost(partial(_BARE.decode, PLAIN)), _cost(partial(DECODERS[NATIVE].decode, PLAIN, DEFAULT))
    with capsys.disabled():
        sys.stdout.write("\nformat            case                                    bytes  bare us    us   ratio\n")
        for name, case, size, bare, ours in lines:
            sys.stdout.write(f"{name:18}{case[:38]:38}{size:>7,}{bare:>9.2f}{ours:>7.1f}{ours / bare:>7.1f}\n")
        sys.stdout.write("\nall payloads of a format                                       bare us    us   ratio\n")
        for name, (bare, ours) in whole.items():
            sys.stdout.write(_whole(name, bare, ours, CEILING))
        sys.stdout.write(_whole(f"{NATIVE}, four numbers at a time", *plain, NATIVE_CEILING))


def _whole(name: str, bare: float, ours: float, ceiling: float) -> str:
    over = f"  over {ceiling:.0f}" if ours / bare > ceiling else ""
    return f"{name:63}{bare:>9.2f}{ours:>7.1f}{ours / bare:>7.2f}{over}\n"
