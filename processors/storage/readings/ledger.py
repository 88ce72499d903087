"""The ledger: received = stored + duplicate + conflict + quarantined, in readings, per city and source, for ever.

A reading is counted in the transaction of its outcome, so the identity is exact after any kill; what is in flight has
not been received yet.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Final, Self

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class Receipt:
    """What became of the readings of one write. A redelivered reading is received again and is a duplicate."""

    stored: int = 0
    duplicate: int = 0
    conflict: int = 0
    quarantined: int = 0

    @property
    def received(self) -> int:
        """Every reading has exactly one outcome."""
        return self.stored + self.duplicate + self.conflict + self.quarantined

    def __add__(self, other: Self) -> "Receipt":
        return Receipt(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Account:
    """One row of the ledger."""

    city: str
    source: str
    received: int
    stored: int
    duplicate: int
    conflict: int
    quarantined: int
    updated_at: datetime

    @property
    def is_balanced(self) -> bool:
        """Whether every reading received has an outcome."""
        return self.received == self.stored + self.duplicate + self.conflict + self.quarantined


def post(connection: Connection, receipts: Mapping[int, Receipt]) -> None:
    """Add ``receipts``, by source id, to the ledger; the last statement of a transaction, since it locks the rows.

    What another outcome takes the place of is taken away: its count is negative.
    """
    entries = [(source, receipt) for source, receipt in sorted(receipts.items()) if receipt != Receipt()]
    if not entries:
        return
    connection.execute(
        SQL["ledger_post"],
        {
            "sources": [source for source, _ in entries],
            "received": [receipt.received for _, receipt in entries],
            "stored": [receipt.stored for _, receipt in entries],
            "duplicate": [receipt.duplicate for _, receipt in entries],
            "conflict": [receipt.conflict for _, receipt in entries],
            "quarantined": [receipt.quarantined for _, receipt in entries],
        },
    )


def accounts(connection: Connection, city: str | None = None) -> list[Account]:
    """Return the ledger, of one city or of all."""
    return [Account(*row) for row in connection.execute(SQL["ledger_accounts"], {"city": city})]
