"""Which value of a reading is effective, decided again where something else than its values changed."""

from typing import Any, Final

from processors.storage.database import Connection, sql

_PACKAGE: Final = "processors.storage"


def decide_again(connection: Connection, which: str, parameters: dict[str, Any]) -> None:
    """Decide about the readings that the statement ``which`` contests; within the caller's transaction, at its end.

    What changes is marked for recomputation. A reading of which no value is left is removed.
    """
    for name in ("contested_table", "contested_clear", "conflict_lock"):
        connection.execute(sql(_PACKAGE, name))
    if connection.execute(sql(_PACKAGE, which), parameters).rowcount:
        for name in ("contested_by_index", "conflict_resolve", "observation_remove"):
            connection.execute(sql(_PACKAGE, name))
