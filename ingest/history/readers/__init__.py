"""Files that are no tables: one module each, one exported ``READER``; a new one is a new file here."""

from typing import Final

from ingest.discovery import exported
from ingest.history.reader import FileReader

READERS: Final[dict[str, FileReader]] = exported(__name__, __path__, "READER", FileReader)
