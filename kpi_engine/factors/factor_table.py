"""What a table of factors holds once it is read: factors, and how many rows were left out for which reason."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from kpi_engine import table_rows
from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import Factor
from kpi_engine.table_rows import TableRow

Row = TableRow


@dataclass(frozen=True)
class FactorTable:
    """The factors of a table in its order, and by reason how many of its rows say nothing that could be one."""

    factors: tuple[Factor, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FactorFormat:
    """How tables of one kind are read: ``read`` takes text and the file's name; raises FactorError naming the place."""

    name: str
    title: str
    read: Callable[[str, str], FactorTable]


def rows(
    text: str, name: str, required: Sequence[str], known: Sequence[str] | None = None
) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a CSV with their numbers, as ``table_rows`` does; raises FactorError."""
    return table_rows.rows(text, name, required, known, FactorError)


def factor(place: str, document: Mapping[str, Any], columns: Mapping[str, str] | None = None) -> Factor:
    """Return the factor of ``document``; raises FactorError naming place, column and what was expected.

    ``columns``: by field, how the table calls it, where it calls it otherwise.
    """
    try:
        return Factor.model_validate(document)
    except ValidationError as error:
        raise FactorError(table_rows.faults_of(error, place, document, columns or {})) from error


def collected(name: str, placed: Iterable[tuple[str, Factor]]) -> tuple[Factor, ...]:
    """Return factors once each, in order; raises FactorError where one version stands there with other contents."""
    kept: dict[tuple[object, ...], Factor] = {}
    for place, one in placed:
        if kept.setdefault(one.key, one) != one:
            raise FactorError(
                f"{name}: {place}: factor {one.name} version {one.version} from {one.valid_from} stands there twice, "
                "with other contents; expected another version or another name"
            )
    return tuple(kept.values())


def without_faults(read: Iterable[Callable[[], tuple[str, Factor]]]) -> Iterator[tuple[str, Factor]]:
    """Yield what can be read; raises FactorError with the faults of all that cannot, the first ones of many."""
    return table_rows.without_faults(read, FactorError)


def slug(text: str) -> str:
    """Return ``text`` as part of a name: lower-case letters and digits, with - between words."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
