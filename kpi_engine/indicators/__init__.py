"""One file per KPI: definition, citation, and a pure compute(); each exports one ``INDICATOR``."""

from typing import Any, Final

from ingest.discovery import exported
from kpi_engine.errors import UnknownIndicatorError
from kpi_engine.indicator import Indicator

INDICATORS: Final[dict[str, Indicator[Any]]] = exported(__name__, __path__, "INDICATOR", Indicator)


def indicator(name: str) -> Indicator[Any]:
    """Return the indicator called ``name``; raises UnknownIndicatorError naming those that exist."""
    if name not in INDICATORS:
        raise UnknownIndicatorError(name, list(INDICATORS))
    return INDICATORS[name]
