"""Whether any city hands figures on, for those who need to know nothing else of the registry."""

from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def handing_on(connection: Connection) -> bool:
    """Return whether a registered city declares ``outbound``; leaves no transaction open."""
    with connection.transaction():
        row = connection.execute(SQL["any_outbound"]).fetchone()
        return bool(row and row[0])
