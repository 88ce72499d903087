"""One file per KPI: definition, citation, and a pure compute(); each exports one ``INDICATOR``."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

from kpi_engine.errors import UnknownIndicatorError
from kpi_engine.indicator import Indicator


def _discover() -> dict[str, Indicator[Any]]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return {indicator.name: indicator for indicator in (module.INDICATOR for module in modules)}


INDICATORS: Final[dict[str, Indicator[Any]]] = _discover()


def indicator(name: str) -> Indicator[Any]:
    """Return the indicator called ``name``; raises UnknownIndicatorError naming those that exist."""
    if name not in INDICATORS:
        raise UnknownIndicatorError(name, list(INDICATORS))
    return INDICATORS[name]
