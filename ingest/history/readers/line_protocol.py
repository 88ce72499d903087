"""InfluxDB line protocol: ``measurement,tag=x field=1.5,other=2i 1465839830100400200``, a row for each field.

The columns are measurement, field, value, time (as it stands there, in nanoseconds unless it was exported otherwise),
and ``tag:NAME`` for each tag. Numbers lose their ending i or u, true and false are 1 and 0, texts are no readings
(after the documentation of InfluxDB 2, recalled). What is escaped by a backslash is itself.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ingest.history.reader import FileReader, Row, UnreadableError

TAG: Final = "tag:"
_LINE: Final = re.compile(
    r"(?P<measurement>(?:\\.|[^,\s\\])+)"
    r"(?P<tags>(?:,(?:\\.|[^=,\s\\])+=(?:\\.|[^,\s\\=])+)*)"
    r"[ ]+(?P<fields>(?:\\.|\"(?:\\.|[^\"\\])*\"|[^\s\"\\])+)"
    r"(?:[ ]+(?P<time>-?\d{1,19}))?[ ]*"
)
_PAIR: Final = re.compile(r'((?:\\.|[^=,\\])+)=("(?:\\.|[^"\\])*"|(?:\\.|[^,\\])*)(?:,|$)')
_NUMBER: Final = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[iu]?", re.ASCII)
_TRUTHS: Final = {"t": "1", "true": "1", "f": "0", "false": "0"}
_ESCAPED: Final = re.compile(r"\\([,= \\])")


def rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield a row for each field that is no text."""
    tags = [column.removeprefix(TAG) for column in columns if column.startswith(TAG)]
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, start=1):
            line = text.strip("\r\n")
            if not line.strip() or line.startswith("#"):
                continue
            found = _LINE.fullmatch(line)
            if not found:
                raise UnreadableError(f"row {number}: expected measurement,tags fields time, as line protocol has it")
            head = {"measurement": _plain(found["measurement"])} | ({"time": found["time"]} if found["time"] else {})
            given = dict(_PAIR.findall(found["tags"].removeprefix(",")))
            head |= {f"{TAG}{tag}": _plain(given[tag]) for tag in tags if tag in given}
            pairs = _PAIR.findall(found["fields"])
            if sum(len(name) + len(value) + 2 for name, value in pairs) != len(found["fields"]) + 1:
                raise UnreadableError(f"row {number}: expected fields such as energy=1.5,power=20i")
            for name, value in pairs:
                if (cell := _cell(value)) is not None:
                    yield head | {"field": _plain(name), "value": cell}


def _cell(value: str) -> str | None:
    """Return a number as text, None for a text; what is neither is handed on, to be refused by itself."""
    if value.startswith('"'):
        return None
    number = _NUMBER.fullmatch(value)
    return number[1] if number else _TRUTHS.get(value.lower(), value)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


READER: Final = FileReader(
    name="line_protocol",
    title="InfluxDB line protocol",
    endings=(".lp", ".line", ".txt"),
    columns="measurement, field, value, time, tag:NAME",
    rows=rows,
)
