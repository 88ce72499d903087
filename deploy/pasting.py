"""Lines into a city file where they belong, its comments and its order left as they are; written only if valid then."""

import re
from pathlib import Path
from typing import Final

from deploy import city_files
from ingest.errors import CityFileError, FileFault
from ingest.inbox.proposal import Proposal
from ingest.model.city import city_file
from ingest.model.city.assets import City

_KEY: Final = re.compile(r"^([A-Za-z_]+):\s*(.*)$")


def pasted(text: str, proposed: Proposal) -> str:
    """Return the text of a city file with the lines; raises ValueError where a list is written on one line."""
    for key, lines in (("bindings", proposed.bindings), ("devices", proposed.devices)):
        text = _with(text, key, lines) if lines else text
    return text


def write(path: Path, proposed: Proposal) -> City:
    """Write the lines into the file; raises CityFileError where it would not be valid, and leaves it as it was."""
    before = path.read_text(encoding="utf-8")
    try:
        text = pasted(before, proposed)
    except ValueError as error:
        raise CityFileError([FileFault(str(path), str(error), "expected a list with an item on each line")]) from None
    city = city_file.parse(text, str(path), city_files.rules())
    path.write_text(text, encoding="utf-8")
    return city


def _with(text: str, key: str, lines: str) -> str:
    rows = text.splitlines(keepends=True)
    if rows and not rows[-1].endswith("\n"):
        rows[-1] += "\n"
    place = next((number for number, row in enumerate(rows) if (found := _KEY.match(row)) and found[1] == key), None)
    if place is None:
        before = next((number for number, row in enumerate(rows) if row.startswith("devices:")), len(rows))
        return "".join([*rows[:before], f"{key}:\n{lines}", *rows[before:]])
    if re.sub(r"\s+#.*", "", rows[place].split(":", 1)[1]).strip():
        raise ValueError(key)
    end = next((number for number in range(place + 1, len(rows)) if _KEY.match(rows[number])), len(rows))
    while end > place + 1 and (not rows[end - 1].strip() or rows[end - 1].startswith("#")):
        end -= 1
    first = next((row for row in rows[place + 1 : end] if row.lstrip().startswith("- ")), "  - ")
    indent = len(first) - len(first.lstrip()) - 2
    moved = lines if not indent else "".join(_moved(line, indent) for line in lines.splitlines(keepends=True))
    return "".join([*rows[:end], moved, *rows[end:]])


def _moved(line: str, indent: int) -> str:
    return line[-indent:] if indent < 0 else " " * indent + line
