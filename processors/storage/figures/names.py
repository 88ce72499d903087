"""Small numbers for the words that every figure has: which indicator over which period, and by which rules and code.

Both lists grow with a new release only.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class FigureKind(NamedTuple):
    """What a figure is of: an indicator over a kind of period."""

    kpi: str
    period: str


class Edition(NamedTuple):
    """By what a figure was computed, and its unit."""

    unit: str
    rule_version: str
    code_version: str


def kinds(connection: Connection, wanted: Iterable[FigureKind]) -> dict[FigureKind, int]:
    """Return the numbers of kinds; one that is met for the first time gets one."""
    asked = sorted(set(wanted))
    columns = {"kpis": [one.kpi for one in asked], "periods": [one.period for one in asked]}
    found = {FigureKind(*key): number for number, *key in connection.execute(SQL["kinds"], columns)}
    if len(found) < len(asked):
        connection.execute(SQL["kinds_add"], columns)  # in one order: who adds the same waits, and for nobody who waits
        found = {FigureKind(*key): number for number, *key in connection.execute(SQL["kinds"], columns)}
    return found


def editions(connection: Connection, wanted: Iterable[Edition]) -> dict[Edition, int]:
    """Return the numbers of editions; one that is met for the first time gets one."""
    asked = sorted(set(wanted))
    columns = {
        "units": [one.unit for one in asked],
        "rules": [one.rule_version for one in asked],
        "codes": [one.code_version for one in asked],
    }
    found = {Edition(*key): number for number, *key in connection.execute(SQL["editions"], columns)}
    if len(found) < len(asked):
        connection.execute(SQL["editions_add"], columns)
        found = {Edition(*key): number for number, *key in connection.execute(SQL["editions"], columns)}
    return found
