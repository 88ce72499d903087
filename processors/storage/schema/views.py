"""The views that dashboards read, schema ``grafana``, and evaluators, schema ``evaluator``.

One file each under sql/views, made in the order of their names.

They hold no data, so they are not migrated but dropped and made anew when their text differs from what the database
was given last. Whatever others built on them is dropped with them.
"""

from hashlib import sha256
from importlib.resources import files
from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_PACKAGE = "processors.storage"


def definitions() -> list[str]:
    """Return the statements that make the schemas, their views and the rights on them, in order."""
    folder = files(_PACKAGE).joinpath("sql", "views")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [folder.joinpath(name).read_text("utf-8") for name in names]


def drop(connection: Connection) -> None:
    """Drop the schemas with their views, if they exist."""
    connection.execute(SQL["views_drop"])


def renew(connection: Connection) -> bool:
    """Make the views of this version unless the database has them; return whether it had not."""
    wanted = definitions()
    checksum = sha256("\0".join(wanted).encode()).hexdigest()
    with connection.transaction():
        if connection.execute(SQL["views_checksum"]).fetchone() == (checksum,):
            return False
        drop(connection)
        for statement in wanted:
            connection.execute(statement.encode())
        connection.execute(f"comment on schema grafana is '{checksum}'".encode())
        return True
