"""One file per kind of table that factors are imported from; each exports one ``FORMAT``."""

from typing import Final

from ingest.discovery import exported
from ingest.model.declarations.expected import one_of
from kpi_engine.errors import FactorError
from kpi_engine.factors.factor_table import FactorFormat

FORMATS: Final[dict[str, FactorFormat]] = exported(__name__, __path__, "FORMAT", FactorFormat)


def factor_format(name: str) -> FactorFormat:
    """Return the format called ``name``; raises FactorError naming those that exist."""
    if name not in FORMATS:
        raise FactorError(f"format: {one_of(sorted(FORMATS), name)}")
    return FORMATS[name]
