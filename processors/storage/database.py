"""Connections to PostgreSQL, and the statements kept in the packages' ``sql`` folders."""

from functools import cache
from importlib.resources import files

import psycopg
from psycopg.rows import TupleRow

Connection = psycopg.Connection[TupleRow]


def connect(url: str, application: str) -> Connection:
    """Open a connection whose session speaks UTC; ``application`` names it in pg_stat_activity.

    Not autocommit. An unreachable or silent server is noticed within seconds. Raises psycopg.OperationalError.
    """
    connection = psycopg.connect(
        url,
        application_name=application,
        connect_timeout=5,
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )
    connection.execute("set time zone 'UTC'")
    connection.commit()
    return connection


@cache
def sql(package: str, name: str) -> str:
    """Return the text of the file sql/<name>.sql of a package."""
    return files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
