"""Keys of meters whose telegrams are encrypted, in files of the installation: a city file says their name alone.

A file has a line for each meter: the number that is printed on it, and its key in 32 hexadecimal digits. What stands in
it is never said, neither in a refusal nor in a log.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from ingest.errors import DecodeError

ENDING: Final = ".keys"
NO_KEYS: Final[Mapping[str, bytes]] = {}

KeysOf = Callable[[str], Mapping[str, bytes]]
"""Returns the keys by the name of their file; raises DecodeError where it cannot be read."""

_LINE: Final = re.compile(r"([0-9A-Fa-f]{8})[\s:=,]+([0-9A-Fa-f]{32})")
_COMMENT: Final = "#"


def none(name: str) -> Mapping[str, bytes]:
    """Return no keys: where none are kept, every encrypted telegram is refused."""
    del name
    return NO_KEYS


class KeyFiles:
    """The files of keys in a folder; one that changed is read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[int, Mapping[str, bytes]]] = {}

    def __call__(self, name: str) -> Mapping[str, bytes]:
        """Return the keys of a file by the numbers of meters; raises DecodeError where it cannot be read."""
        path = self._folder / f"{name}{ENDING}"
        try:
            changed = path.stat().st_mtime_ns
            if name not in self._known or self._known[name][0] != changed:
                self._known[name] = changed, _keys(path.read_text(encoding="utf-8"), path.name)
        except (OSError, UnicodeDecodeError) as error:
            raise DecodeError(f"the telegram is encrypted, and {path.name} cannot be read: {_why(error)}") from None
        return self._known[name][1]


def _keys(text: str, name: str) -> Mapping[str, bytes]:
    keys: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.partition(_COMMENT)[0].strip()
        if not content:
            continue
        found = _LINE.fullmatch(content)
        if not found:
            expected = "expected the number of a meter and its key, 8 and 32 hexadecimal digits"
            raise DecodeError(f"the telegram is encrypted, and line {number} of {name} holds no key: {expected}")
        keys[found[1].lower()] = bytes.fromhex(found[2])
    return keys


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "it is away" if isinstance(error, OSError) else "it is no text in UTF-8"
