"""The payload formats Pharos understands: one module each, one exported ``DECODER``; a new one is a new file here."""

from typing import Final

from ingest.decoder import Decoder
from ingest.discovery import exported

DECODERS: Final[dict[str, Decoder]] = exported(__name__, __path__, "DECODER", Decoder)
