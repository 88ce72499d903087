"""Lines of YAML as people write them into city files: plain words bare, everything else quoted."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_/.-]*")
_WORDS: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))  # which YAML takes otherwise
_BLOCK: Final = "series"  # what stands on lines of its own


def flow(value: object) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return value if _BARE.fullmatch(value) and value.lower() not in _WORDS else json.dumps(value)
    return json.dumps(value)


def listed(device: Mapping[str, Any]) -> str:
    """Return a device as an item of a list, a line for each of its keys and series."""
    lines = [f"{name}: {flow(value)}" for name, value in device.items() if name != _BLOCK]
    lines += [f"{_BLOCK}:", *(f"  - {flow(one)}" for one in device.get(_BLOCK, ()))]
    return "".join(f"{'  - ' if number == 0 else '    '}{line}\n" for number, line in enumerate(lines))
