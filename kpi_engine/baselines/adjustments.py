"""The log of non-routine adjustments: who said when that how much changed beside the measure, and why."""

from datetime import datetime
from typing import Final

from ingest.model.time import from_micros
from kpi_engine.baselines.adjustment import Adjustment
from kpi_engine.baselines.declared import DeclaredBaseline
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def enter(connection: Connection, declared: DeclaredBaseline, adjustment: Adjustment) -> int:
    """Keep an adjustment and return its number, which it is given here; committed on return."""
    parameters = {
        "first": adjustment.first,
        "last": adjustment.last,
        "amount": adjustment.amount,
        "author": adjustment.author,
        "reason": adjustment.reason,
        "entered_at": adjustment.entered_at,
    }
    with connection.transaction():
        row = connection.execute(SQL["adjustment_add"], parameters | declared.key).fetchone()
    return int(row[0]) if row else 0


def withdraw(connection: Connection, number: int, author: str, reason: str, now: int) -> bool:
    """Take an adjustment back; False where there is none of that number, or no longer."""
    parameters = {"number": number, "author": author, "reason": reason, "at": from_micros(now)}
    with connection.transaction():
        return bool(connection.execute(SQL["adjustment_withdraw"], parameters).rowcount)


def holding(connection: Connection, declared: DeclaredBaseline, as_of: datetime | None = None) -> list[Adjustment]:
    """Return the adjustments that hold, or held at ``as_of``, in the order of entering."""
    rows = connection.execute(SQL["adjustments_holding"], declared.key | {"as_of": as_of})
    return [Adjustment(*row) for row in rows]


def log(connection: Connection, declared: DeclaredBaseline) -> list[Adjustment]:
    """Return every adjustment ever entered, those that were withdrawn too, in the order of entering."""
    return [Adjustment(*row) for row in connection.execute(SQL["adjustments"], declared.key)]
