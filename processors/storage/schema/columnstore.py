"""How TimescaleDB keeps the observations: chunks of 30 days, compressed 14 days after their end, by series and time.

A chunk of 30 days of a city's readings and its index fit into memory many times over while it is written; half a year
of late data touches six chunks, and there are twelve in a year to plan over. Compression begins only 14 days after a
chunk has ended, so that data late by days are written as cheaply as live ones.

The policy is applied once; what somebody changes afterwards stays changed and is reported as drift.
"""

from dataclasses import dataclass
from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

CHUNK: Final = "30 days"
COMPRESSED_AFTER_DAYS: Final = 14


@dataclass(frozen=True)
class Drift:
    """Something of the store that is not as this version declares it."""

    subject: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.subject}: expected {self.expected}, found {self.found}"


def apply_once(connection: Connection) -> bool:
    """Declare compression and its policy on a hypertable that has never had them; returns whether that was done."""
    with connection.transaction():
        if not _is_compressible(connection) or not connection.execute(SQL["columnstore_record"]).fetchone():
            return False
        _declare(connection)
        return True


def apply(connection: Connection) -> None:
    """Declare compression and its policy again, in place of what somebody changed; nothing to do elsewhere."""
    with connection.transaction():
        if _is_compressible(connection):
            connection.execute(SQL["columnstore_record"])
            connection.execute(SQL["columnstore_policy_remove"])
            _declare(connection)


def drift(connection: Connection) -> list[Drift]:
    """Return what is not as declared; nothing without TimescaleDB, or where its licence knows no compression."""
    if not _is_compressible(connection):
        return []
    found = connection.execute(SQL["columnstore_state"]).fetchone()
    if found is None:
        raise TypeError("columnstore_state returns no row")
    chunk, segmentby, orderby, after, last_run, drop_after = found
    after_days = f"{COMPRESSED_AFTER_DAYS} days"
    looked_at = [
        Drift("length of a chunk", CHUNK, chunk or "none"),
        Drift("compressed by", "series_id", segmentby or "nothing"),
        Drift(
            "compressed in the order of", "time", (orderby or "nothing").replace('"', "").lower().removesuffix(" asc")
        ),
        Drift("policy that compresses chunks", f"after {after_days}", f"after {after}" if after else "none"),
        Drift("last run of that policy", "Success", last_run or "Success"),
        Drift("policy that drops readings", "none", f"after {drop_after}, whatever rests on them" * bool(drop_after)),
    ]
    return [one for one in looked_at if one.found not in {one.expected, ""}]


def _is_compressible(connection: Connection) -> bool:
    row = connection.execute(SQL["columnstore_known"]).fetchone()
    return bool(row and all(row))


def _declare(connection: Connection) -> None:
    connection.execute(SQL["columnstore_enable"])
    connection.execute(SQL["columnstore_policy"], {"days": COMPRESSED_AFTER_DAYS})
