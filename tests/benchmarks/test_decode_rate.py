"""What decoding costs beside msgspec's bare decoding of the same bytes, in the same run; judges nothing.

Every golden payload in JSON of which nothing is refused, as it is: most are small, which is when ratios are worst. The
ratio of a format is that of all its payloads together; it is told which are over what they should be. Told too is the
native message of four numbers at a time, which is what most send.
"""

import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import repeat
from time import process_time
from typing import Final

import msgspec
import pytest

from ingest.decoders import DECODERS
from ingest.errors import DecodeError
from ingest.limits import DEFAULT
from tests.ingest.decoders.test_golden import CASES, decoder_of

SECONDS: Final = 0.0002  # of each measurement, the least of many: the shorter, the fewer are disturbed
ROUNDS: Final = 200
NATIVE: Final = "pharos"
CEILING, NATIVE_CEILING = 10.0, 3.0  # times the bare decoding
_FOUR: Final = b""""values": {"heat_energy": 40.128701, "volume": 40.128702,
 "supply_temperature": 40.128703, "return_temperature": 40.128704}}"""
PLAIN: Final = {
    "four numbers at a time": b'{"time": "2026-11-21T23:00:00.123Z", ' + _FOUR,
    "two numbers at a time": b'{"time": "2026-11-21T23:00:00Z", "values": {"heat_energy": 5347.6, "volume": 41.2}}',
    "four numbers, time with offset": b'{"time": "2026-11-21T23:00:00+01:00", ' + _FOUR,
    "four numbers, time in milliseconds": b'{"time": 1795302000123, ' + _FOUR,
    "four numbers without time": b"{" + _FOUR,
    "a hundred times in one message": b"["
    + b",".join(b'{"time": "2026-11-21T23:%02d:%02dZ", ' % divmod(second, 60) + _FOUR for second in range(0, 3_600, 36))
    + b"]",
    "a hundred to the microsecond": b"["
    + b",".join(
        b'{"time": "2026-11-21T23:%02d:%02d.%06dZ", ' % (*divmod(second, 60), second * 7) + _FOUR
        for second in range(0, 3_600, 36)
    )
    + b"]",
}
_BARE: Final = msgspec.json.Decoder()


def _costs(*works: Callable[[], object]) -> list[float]:
    """Return microseconds of the processor that a call of each takes, the least of many, which take turns."""
    least = [math.inf] * len(works)
    calls = [max(int(SECONDS / _spent(work, 50)), 1) for work in works]
    for _ in range(ROUNDS):
        for number, work in enumerate(works):
            least[number] = min(least[number], _spent(work, calls[number]))
    return [one * 1e6 for one in least]


def _spent(work: Callable[[], object], calls: int) -> float:
    began = process_time()
    for _ in repeat(None, calls):
        work()
    return (process_time() - began) / calls


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
        bare, ours = _costs(partial(_BARE.decode, data), work)
        lines.append((name, case, len(data), bare, ours))
        whole[name] = whole[name][0] + bare, whole[name][1] + ours
    assert lines
    native = DECODERS[NATIVE].decode
    plain = [
        (words, _costs(partial(_BARE.decode, data), partial(native, data, DEFAULT))) for words, data in PLAIN.items()
    ]
    with capsys.disabled():
        sys.stdout.write("\nformat            case                                    bytes  bare us    us   ratio\n")
        for name, case, size, bare, ours in lines:
            sys.stdout.write(f"{name:18}{case[:38]:38}{size:>7,}{bare:>9.2f}{ours:>7.1f}{ours / bare:>7.1f}\n")
        sys.stdout.write("\nall payloads of a format                                       bare us    us   ratio\n")
        for name, (bare, ours) in whole.items():
            sys.stdout.write(_whole(name, bare, ours, CEILING))
        for words, (bare, ours) in plain:
            sys.stdout.write(_whole(f"{NATIVE}, {words}", bare, ours, NATIVE_CEILING))


def _whole(name: str, bare: float, ours: float, ceiling: float) -> str:
    over = f"  over {ceiling:.0f}" if ours / bare > ceiling else ""
    return f"{name:63}{bare:>9.2f}{ours:>7.1f}{ours / bare:>7.2f}{over}\n"
