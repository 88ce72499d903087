"""What figures rest on: the inputs of those that are written together, compressed as one.

Most of what one figure of a site rests on others rest on too, so together they take a tenth of the room. A batch is
whole by itself and goes with the last of its figures; nobody who writes one looks at those of others.
"""

import lzma
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

LONGEST: Final = 200_000  # characters in a batch, unless one figure alone has more: all are read for one
MOST: Final = 1_000  # figures
PRESET: Final = 1  # the fastest: the best ones take ten times as long for a sixth less


class InputsPlace(NamedTuple):
    """Where the inputs of a figure lie."""

    batch_id: int
    place: int


@dataclass
class _Batch:
    """Distinct inputs, each with its place, and the places of figures."""

    inputs: dict[str, int] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    length: int = 0

    def add(self, inputs: str) -> None:
        place = self.inputs.setdefault(inputs, len(self.inputs))
        self.length += len(inputs) if place == len(self.inputs) - 1 else 0
        self.places.append(place)

    @property
    def is_full(self) -> bool:
        return self.length >= LONGEST or len(self.places) >= MOST


def store(connection: Connection, inputs: Iterable[str]) -> list[InputsPlace]:
    """Store the inputs of figures, each as JSON in one line, and return where each lies; neighbours share batches."""
    return [
        InputsPlace(batch_id, place)
        for batch in _batches(inputs)
        for (batch_id,) in connection.execute(SQL["batch_add"], {"inputs": packed(batch.inputs)}).fetchall()
        for place in batch.places
    ]


def packed(inputs: Iterable[str]) -> bytes:
    """Return the inputs of a batch as they are stored."""
    return lzma.compress("\n".join(inputs).encode(), check=lzma.CHECK_CRC32, preset=PRESET)


def unpacked(batch: bytes) -> list[str]:
    """Return the inputs of a batch, each as JSON, in the order of their places."""
    return lzma.decompress(batch).decode().split("\n")


def inputs_naming(connection: Connection, city: str, words: Sequence[str]) -> Mapping[int, Sequence[int]]:
    """Return by batch which inputs of a city's current figures have any of some words in them, by their places."""
    with connection.transaction(), connection.cursor("inputs") as cursor:
        cursor.itersize = 100  # batches in memory
        rows = cursor.execute(SQL["batches_of_city"], {"city": city})
        return {
            batch_id: places
            for batch_id, batch in rows
            if (places := [place for place, one in enumerate(unpacked(batch)) if any(word in one for word in words)])
        }


def remove_unused(connection: Connection, batch_ids: Sequence[int]) -> None:
    """Remove those of some batches that no figure refers to any more."""
    connection.execute(SQL["remove_unused"], {"batch_ids": batch_ids})


def _batches(inputs: Iterable[str]) -> Iterator[_Batch]:
    batch = _Batch()
    for one in inputs:
        batch.add(one)
        if batch.is_full:
            yield batch
            batch = _Batch()
    if batch.places:
        yield batch
