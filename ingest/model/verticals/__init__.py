"""The verticals Pharos knows: one module each, one exported ``VERTICAL``; a new one is a new file here."""

from typing import Final

from ingest.discovery import exported
from ingest.model.vertical import Vertical

VERTICALS: Final[dict[str, Vertical]] = exported(__name__, __path__, "VERTICAL", Vertical)
