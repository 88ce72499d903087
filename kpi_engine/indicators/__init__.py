"""Every KPI: definition, citation, and a pure compute().

A module exports one ``INDICATOR``, named as the module, or as ``INDICATORS`` those that differ in values alone.
"""

from typing import Any, Final

from ingest.discovery import exported_or_listed
from kpi_engine.errors import UnknownIndicatorError
from kpi_engine.indicator import Indicator, Selection
from kpi_engine.ports.levels_of_figures import levels, metrics

INDICATORS: Final[dict[str, Indicator[Any]]] = exported_or_listed(__name__, __path__, "INDICATOR", Indicator)
LEVELS: Final[tuple[frozenset[str], ...]] = levels(INDICATORS)
"""Their names, so that each takes figures of those of earlier levels only."""
COUPLED: Final = frozenset(
    name for one in INDICATORS.values() for port in metrics(one) for name in (one.name, port.kpi)
)
"""Those that take figures, or are taken: what moves one moves others of its city, so one engine computes them."""


def read_by(one: Indicator[Any]) -> tuple[Selection, ...]:
    """Return which devices an indicator reads, and which quantities of them; so too of the figures that it takes."""
    return (*one.reads, *(each for port in metrics(one) for each in read_by(INDICATORS[port.kpi])))


def quantities_of(one: Indicator[Any]) -> tuple[str, ...]:
    """Return every quantity that an indicator reads, or a figure that it takes, each once."""
    return tuple(dict.fromkeys(quantity for each in read_by(one) for quantity in each.quantities))


def indicator(name: str) -> Indicator[Any]:
    """Return the indicator called ``name``; raises UnknownIndicatorError naming those that exist."""
    if name not in INDICATORS:
        raise UnknownIndicatorError(name, list(INDICATORS))
    return INDICATORS[name]
