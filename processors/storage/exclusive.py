"""Work that one process at a time may do on a database: held by its session, given up when that ends or dies."""

from enum import IntEnum

from processors.storage.database import Connection, sql


class Work(IntEnum):
    """What is done by one process at a time; the numbers are the keys of PostgreSQL's advisory locks."""

    ROLLUPS = 0x726F6C6C
    FIGURES = 0x6B7069


def claim(connection: Connection, work: Work) -> bool:
    """Claim ``work`` for this session; False while another session holds it. Commits."""
    row = connection.execute(sql("processors.storage", "exclusive_claim"), {"key": work.value}).fetchone()
    connection.commit()
    return bool(row and row[0])
