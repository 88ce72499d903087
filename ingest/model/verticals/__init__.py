"""The verticals Pharos knows: one module each, one exported ``VERTICAL``; a new one is a new file here."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from ingest.model.vertical import Vertical


def _discover() -> dict[str, Vertical]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return {vertical.name: vertical for vertical in (module.VERTICAL for module in modules)}


VERTICALS: Final[dict[str, Vertical]] = _discover()
