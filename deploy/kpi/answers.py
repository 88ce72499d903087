"""How ``pharos kpi`` prints: JSON, tables, and the bounds of a figure."""

import json
from datetime import datetime

import typer

from deploy import tables
from kpi_engine.figures.figure_value import FigureValue


def bounds(value: FigureValue) -> str:
    """Return between what a figure lies, as [5,320.0000, 5,390.0000]; "" where nothing bounds it."""
    if value.lower is None and value.upper is None:
        return ""
    lower, upper = ("..." if end is None else f"{end:,.4f}" for end in (value.lower, value.upper))
    return f"[{lower}, {upper}]"


def print_json(document: object) -> None:
    """Print a document as JSON; what JSON has no word for as text."""
    typer.echo(json.dumps(document, indent=2, default=text))


def print_table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a table."""
    table = tables.table(*columns)
    for row in rows:
        table.add_row(*row)
    tables.show(table)


def text(value: object) -> str:
    """Return a value in words."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
