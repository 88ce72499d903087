"""How the file of a mapping is read: what tells its cells apart, or what makes rows of a file that is no table."""

from typing import NamedTuple


class FileLayout(NamedTuple):
    """``separator`` and ``header`` of CSV, the columns where its first line does not name them; or a ``reader``.

    ``columns``: those that a reader is asked for.
    """

    separator: str = ","
    header: tuple[str, ...] = ()
    reader: str | None = None
    columns: tuple[str, ...] = ()


PLAIN = FileLayout()
