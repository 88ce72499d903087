"""The payload formats Pharos understands: one module each, one exported ``DECODER``; a new one is a new file here."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from ingest.decoder import Decoder


def _discover() -> dict[str, Decoder]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return {decoder.name: decoder for decoder in (module.DECODER for module in modules)}


DECODERS: Final[dict[str, Decoder]] = _discover()
