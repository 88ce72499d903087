"""Keys as rules write them, ``devices[3].series[0].unit``, taken apart."""

import re
from typing import Final

_PART: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def parsed(key: str) -> tuple[int | str, ...]:
    """Return the keys and positions of a path; of a key that holds a dot itself, its parts."""
    return tuple(int(position) if position else name for position, name in _PART.findall(key))
