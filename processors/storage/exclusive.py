"""Work that one process at a time may do on a database: held by its session, given up when that ends or dies.

What many do at once by shards, they share: a former version that does it alone, and they, wait for each other.
"""

from enum import IntEnum
from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class Work(IntEnum):
    """What is done by one process at a time, or shared; the numbers are the keys of PostgreSQL's advisory locks."""

    ROLLUPS = 0x726F6C6C
    FIGURES = 0x6B7069
    QUESTIONS = 0x70756C6C
    RETAKING = 0x72657461
    NOTIFICATIONS = 0x6E6F7469
    FIGURES_OVER_MQTT = 0x6D717474
    FIGURES_OVER_KAFKA = 0x6B61666B


def claim(connection: Connection, work: Work) -> bool:
    """Claim ``work`` for this session; False while another session holds it. Commits."""
    row = connection.execute(SQL["exclusive_claim"], {"key": work.value}).fetchone()
    connection.commit()
    return bool(row and row[0])


def share(connection: Connection, work: Work) -> bool:
    """Share ``work`` with other sessions that share it; False while one does it alone. Commits."""
    row = connection.execute(SQL["exclusive_share"], {"key": work.value}).fetchone()
    connection.commit()
    return bool(row and row[0])
