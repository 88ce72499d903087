"""The tags of a kind of frame: bytes that say which piece of a frame follows."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from ingest.model.frames.steps import Steps

ANY: Final = "xx"  # a byte of a tag that may be any: the number of a channel


class Piece(NamedTuple):
    """What follows a tag, how many bytes the tag has, and the first of them that may be any."""

    steps: Steps
    length: int
    channel: int | None


class Tags:
    """Finds the tag at a place; a shorter one before a longer one, one without ``xx`` before all that have some."""

    def __init__(self, tagged: Mapping[str, Steps]) -> None:
        self._exact = {bytes.fromhex(tag): steps for tag, steps in tagged.items() if ANY not in tag}
        self._lengths = sorted({len(tag) for tag in self._exact})
        loose = sorted((tag for tag in tagged if ANY in tag), key=len)
        self._loose = [(_bytes(tag), tagged[tag]) for tag in loose]

    def at(self, data: bytes, at: int) -> Piece | None:
        """Return what follows the tag at a place of a frame; None where no tag of these is."""
        for length in self._lengths:
            if (steps := self._exact.get(data[at : at + length])) is not None:
                return Piece(steps, length, None)
        for tag, steps in self._loose:
            given = data[at : at + len(tag)]
            if len(given) == len(tag) and all(wanted in (None, byte) for wanted, byte in zip(tag, given, strict=True)):
                return Piece(steps, len(tag), given[tag.index(None)])
        return None


def _bytes(tag: str) -> list[int | None]:
    pairs = (tag[place : place + 2] for place in range(0, len(tag), 2))
    return [None if pair == ANY else int(pair, 16) for pair in pairs]
