"""What kind of file a history file is: by its name, and whether what it begins with is what its name says.

A file is looked through before it is read, since a reader that meets a line without end takes all memory.
"""

from enum import StrEnum
from pathlib import Path
from typing import Final

from ingest.errors import HistoryError

LONGEST_RECORD: Final = 1_000_000  # bytes of a row
CHUNK: Final = 1 << 20


class Format(StrEnum):
    """How a history file is written."""

    CSV = "CSV"
    PARQUET = "Parquet"
    JSON_LINES = "JSON lines"


_ENDINGS: Final = {
    ".csv": Format.CSV,
    ".txt": Format.CSV,
    ".parquet": Format.PARQUET,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
}
_PARQUET: Final = b"PAR1"
_OTHERS: Final = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"PK\x03\x04": "ZIP (as spreadsheets are)",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x78\x01": "zlib",
    b"\x78\x9c": "zlib",
    b"\x78\xda": "zlib",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    _PARQUET: "Parquet",
}  # how files begin that are named as if they were text


def format_of(path: Path) -> Format:
    """Return how a file is written; raises HistoryError where it is not what its name says, or a row has no end."""
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        raise HistoryError(f"{path}: expected .csv, .parquet or .jsonl, not {ending or 'a name without ending'}")
    written = _ENDINGS[ending]
    with path.open("rb") as file:
        first = file.read(max(map(len, _OTHERS)))
    if written is Format.PARQUET:
        if not first.startswith(_PARQUET):
            raise HistoryError(f"{path}: expected a Parquet file, as its name says; it does not begin as one")
        return written
    if other := next((name for magic, name in _OTHERS.items() if first.startswith(magic)), None):
        raise HistoryError(f"{path}: expected {written} in UTF-8, as its name says, not {other}; nothing was read")
    _bounded(path, written)
    return written


def _bounded(path: Path, written: Format) -> None:
    """Refuse a file with a row longer than LONGEST_RECORD; a row of CSV may have line ends between quotation marks."""
    row, length, is_quoted = 1, 0, False
    quotes = b'"' if written is Format.CSV else b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            ends, tail, is_quoted = _ends(chunk, quotes, is_quoted)
            length = tail if ends else length + len(chunk)
            row += ends
            if length > LONGEST_RECORD:
                why = " (is a quotation mark not closed?)" if is_quoted else ""
                raise HistoryError(f"{path}: row {row} is longer than {LONGEST_RECORD:,} bytes{why}; nothing was read")


def _ends(chunk: bytes, quotes: bytes, is_quoted: bool) -> tuple[int, int, bool]:
    """Return how many rows end in a chunk, the bytes after the last of them, and whether quotes are open behind it."""
    if not quotes or (quotes not in chunk and not is_quoted):
        ends = chunk.count(b"\n")
        return ends, len(chunk) - 1 - chunk.rfind(b"\n"), is_quoted
    if quotes not in chunk:
        return 0, 0, is_quoted
    ends, tail = 0, len(chunk)
    begin = 0
    while (end := chunk.find(b"\n", begin)) >= 0:
        is_quoted ^= bool(chunk.count(quotes, begin, end) & 1)
        begin = end + 1
        if not is_quoted:
            ends, tail = ends + 1, len(chunk) - begin
    return ends, tail, is_quoted ^ bool(chunk.count(quotes, begin) & 1)
