"""When what protects the database was last done, where metrics find it: in the comment of the database.

A comment is no part of a dump, so a database that was restored says truly that it was not backed up since.
"""

import re
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from psycopg import errors, sql

from deploy.errors import BackupError
from processors.storage.database import ADMINISTERING, connect
from processors.storage.statements import statements

SQL: Final = statements(__name__)
APPLICATION: Final = "pharos db backup"


class Protection(StrEnum):
    """What is done; metrics read these words (kpi_engine/metrics/store.sql)."""

    DUMP = "backup"
    COPY = "copy"
    BASE = "base backup"
    DRILL = "drill"


def note(url: str, done: Protection, began: datetime) -> None:
    """Leave when it began. Raises BackupError where this user does not own the database."""
    with closing(connect(url, APPLICATION, ADMINISTERING)) as connection:
        connection.execute(SQL["backup_times_lock"])
        ((comment,),) = connection.execute(SQL["backup_times"]).fetchall()
        times = dict(re.findall(r"last ([a-z ]+) (\S+Z)", comment or ""))
        times[done] = f"{began.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        told = "; ".join(f"last {name} {times[name]}" for name in Protection if name in times)
        name = sql.Identifier(connection.info.dbname)
        try:
            connection.execute(sql.SQL("comment on database {} is {}").format(name, sql.Literal(told)))
            connection.commit()
        except errors.InsufficientPrivilege:
            raise BackupError(
                f"the {done} is complete, but metrics are not told of it: this user does not own the database"
            ) from None
