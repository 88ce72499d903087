"""How the file of a mapping is read: what tells its cells apart, or what makes rows of a file that is no table."""

from typing import NamedTuple

from ingest.model.declarations.declaration import Declaration
from ingest.model.mapped_columns import DecimalSign, Separator


class FileLayout(NamedTuple):
    """``separator`` and ``header`` of CSV, the columns where its first line does not name them; or a ``reader``.

    ``columns``: those that a reader is asked for.
    """

    separator: str = ","
    header: tuple[str, ...] = ()
    reader: str | None = None
    columns: tuple[str, ...] = ()


PLAIN = FileLayout()


class DelimitedFile(Declaration):
    """What the mapping of a file of text says of its cells: what stands between them, and in their numbers."""

    separator: Separator = ","
    decimal: DecimalSign = "."

    @property
    def layout(self) -> FileLayout:
        """How its files are read."""
        return FileLayout(self.separator)
