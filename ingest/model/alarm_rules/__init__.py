"""The alarm rules Pharos knows: one module per kind, each exporting ``RULES``; a new one is a new file here."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from ingest.model.alarm import Rule


def _discover() -> dict[str, Rule]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return {rule.name: rule for module in modules for rule in module.RULES}


ALARM_RULES: Final[dict[str, Rule]] = _discover()
