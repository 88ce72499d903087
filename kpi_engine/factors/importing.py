"""Factors from a file of any known format: which of them are wanted, and which of those are new."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.model.declarations.expected import one_of
from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import Factor
from kpi_engine.factors.factor_table import FactorTable
from kpi_engine.factors.formats import factor_format
from kpi_engine.table_rows import text_of


@dataclass(frozen=True)
class Wish:
    """Which factors of a table are imported: of these carriers and of these names; none named: all."""

    carriers: Sequence[str] = ()
    names: Sequence[str] = ()

    def of(self, table: FactorTable, file: str) -> list[Factor]:
        """Return what is wanted of ``table``; raises FactorError where it has nothing of a carrier or name."""
        known = (
            ("carrier", self.carriers, {factor.carrier for factor in table.factors}),
            ("name", self.names, {factor.name for factor in table.factors}),
        )
        for what, wanted, present in known:
            for one in wanted:
                if one not in present:
                    raise FactorError(f"{file}: {what}: {one_of(sorted(present), one)}")
        return [
            factor
            for factor in table.factors
            if (not self.carriers or factor.carrier in self.carriers) and (not self.names or factor.name in self.names)
        ]


def read(path: Path, form: str) -> FactorTable:
    """Read a table of factors; raises FactorError naming file, place and what was expected."""
    chosen = factor_format(form)
    return chosen.read(text_of(path, FactorError), path.name)
