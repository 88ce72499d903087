"""ThingsBoard: telemetry as its REST API answers, ``{"energy": [{"ts": 1793491200000, "value": "1.5"}]}``.

The columns are key, ts (milliseconds) and value, a row for each value, the oldest first (recalled: ``GET
/api/plugins/telemetry/DEVICE/.../values/timeseries``). The answer does not name its device.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from ingest.history.reader import FileReader, Row, UnreadableError

LARGEST: Final = 256 << 20  # bytes: it is read as a whole
_EXPECTED: Final = 'expected an object of arrays, {"key": [{"ts": ..., "value": ...}]}'


class _Value(msgspec.Struct):
    ts: int
    value: str | float | int | bool | None


_READER: Final = msgspec.json.Decoder(dict[str, list[_Value]])


def rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield a row for each value that is there."""
    del columns
    if path.stat().st_size > LARGEST:
        raise UnreadableError(f"the file is longer than {LARGEST >> 20} MiB; expected shorter spans, each in a file")
    try:
        found = _READER.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(f"{_EXPECTED}: {error}") from error
    for key, values in found.items():
        for one in sorted(values, key=lambda value: value.ts):
            if one.value is not None:
                text = str(int(one.value)) if isinstance(one.value, bool) else str(one.value)
                yield {"key": key, "ts": str(one.ts), "value": text}


READER: Final = FileReader(
    name="thingsboard", title="ThingsBoard telemetry", endings=(".json",), columns="key, ts, value", rows=rows
)
