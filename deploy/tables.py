"""Tables on standard output, never cut: a long cell is folded on a terminal and stays on its line anywhere else."""

import sys
from decimal import ROUND_FLOOR, Decimal
from math import isclose
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_CONVERTED: Final = 2.0**-51  # of a value, by which the conversion of its unit can miss it
UNBOUNDED: Final = 100_000
"""Columns where nobody looks at a screen: a pipe or a file has no width."""


def console() -> "Console":
    """Return standard output; text is printed as it is, without markup."""
    from rich.console import Console  # noqa: PLC0415 - a tenth of a role's start, and roles draw no tables

    return Console(width=None if sys.stdout.isatty() else UNBOUNDED, markup=False, highlight=False)


def table(*titles: str, numbers: tuple[str, ...] = (), title: str | None = None) -> "Table":
    """Return an empty table with columns ``titles`` and then, aligned to the right, ``numbers``."""
    from rich.table import Table  # noqa: PLC0415 - as above

    empty = Table(title=title, title_justify="left")
    for name in (*titles, *numbers):
        empty.add_column(name, overflow="fold", justify="right" if name in numbers else "left")
    return empty


def show(*tables: "Table") -> None:
    """Print tables."""
    console().print(*tables, sep="\n")


def number(value: float) -> str:
    """Return a value without what converting its unit left at its end: 12.417031999999999 was sent as 12417.032.

    That is in the 15 digits that every 64-bit float holds, where those are as near as that; else in all of its digits.
    """
    short = f"{value:.15g}"
    return short if isclose(float(short), value, rel_tol=_CONVERTED, abs_tol=0.0) else repr(value)


def percent(share: float) -> str:
    """Return a share in percent, rounded down: it never looks whole where something is missing."""
    return f"{(Decimal(repr(share)) * 100).quantize(Decimal('0.1'), ROUND_FLOOR)}%"
