"""Which value of a reading is effective, decided again where something else than its values changed."""

from typing import Any, Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def decide_again(connection: Connection, contest: str, parameters: dict[str, Any]) -> None:
    """Decide about the readings that the statement ``contest`` contests; within the caller's transaction, at its end.

    What changes is marked for recomputation. A reading of which no value is left is removed.
    """
    begin(connection)
    if connection.execute(contest, parameters).rowcount:
        for statement in (
            SQL["contested_unpack"],
            SQL["contested_by_index"],
            SQL["conflict_resolve"],
            SQL["observation_remove"],
        ):
            connection.execute(statement)


def begin(connection: Connection) -> None:
    """Make room for contested readings, and let nobody else decide or pack until the transaction ends."""
    for statement in (SQL["contested_table"], SQL["contested_clear"], SQL["packing_hold"], SQL["conflict_lock"]):
        connection.execute(statement)
