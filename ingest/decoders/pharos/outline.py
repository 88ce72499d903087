"""What a payload holds by its brackets, commas and colons alone: counted in columns of bytes, before anything is read.

So a message that holds too much is refused at the cost of its bytes, whatever it is made of. Of what is no JSON the
outline says something, which the reading of it will not reach.
"""

from typing import Final, NamedTuple

import numpy as np

from ingest.decoders.pharos.keys import KEYS
from ingest.errors import OverLimitError
from ingest.limits import PayloadLimits

_QUOTE: Final = ord('"')
_IS_MARK: Final = np.isin(np.arange(256), np.frombuffer(b"[]{},:", np.uint8))
_STEP: Final = np.zeros(256, np.int32)
_STEP[[ord("["), ord("{")]] = 1
_STEP[[ord("]"), ord("}")]] = -1


class Outline(NamedTuple):
    """Levels of nesting, elements, and keys where readings stand, or their units.

    An element is a member of the outermost array, or anything where nothing should be: inside of a value, or beyond the
    keys that a sample has.
    """

    depth: int
    elements: int
    readings: int


def outline(payload: bytes) -> Outline:
    """Return what ``payload`` holds, by its marks outside of strings."""
    text = np.frombuffer(payload.replace(b"\\\\", b"").replace(b'\\"', b""), np.uint8)
    is_inside = np.logical_xor.accumulate(text == _QUOTE)
    marks = text[_IS_MARK[text] & ~is_inside]
    if not len(marks):
        return Outline(0, 1, 0)
    level = np.cumsum(_STEP[marks], dtype=np.int32)
    is_array = bool(marks[0] == ord("["))
    of_keys, of_values = 1 + is_array, 2 + is_array  # the levels of a sample's keys, and of its values
    is_comma = marks == ord(",")
    samples = 1 + int(np.count_nonzero(is_comma & (level == 1))) if is_array else 1
    further_keys = int(np.count_nonzero(is_comma & (level == of_keys))) - samples * (len(KEYS) - 1)
    inside = int(np.count_nonzero((is_comma | (_STEP[marks] > 0)) & (level > of_values)))
    readings = int(np.count_nonzero((marks == ord(":")) & (level == of_values)))
    return Outline(int(level.max()), samples + max(further_keys, 0) + inside, readings)


def check(found: Outline, limits: PayloadLimits) -> None:
    """Raise OverLimitError where a message holds more than it may; a reading may have a unit."""
    for what, count, limit in (
        ("levels of nesting", found.depth, limits.depth),
        ("elements", found.elements, limits.samples),
        ("values and units", found.readings, 2 * limits.readings),
    ):
        if count > limit:
            raise OverLimitError(what, count, limit, found.readings)
