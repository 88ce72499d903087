"""What makes rows of a file that is no table: a module of ``readers`` exports one as ``READER``."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = Mapping[str, str]  # by column; a cell that is absent is none


class UnreadableError(ValueError):
    """A file is not what its reader reads; says what and where."""


@dataclass(frozen=True)
class FileReader:
    """``rows`` yields the rows of a file in order, with the columns that are asked for; raises UnreadableError.

    ``endings``: how its files are called. ``columns``: what it has, for people.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    columns: str
    rows: Callable[[Path, Sequence[str]], Iterator[Row]]
