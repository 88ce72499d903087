"""The services that can be asked: one module each, one exported ``HUB``; a new one is a new file here."""

from typing import Final

from ingest.discovery import exported
from ingest.sources.pull.hub import Hub

HUBS: Final[dict[str, Hub]] = exported(__name__, __path__, "HUB", Hub)
