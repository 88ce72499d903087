"""Whether a database can hold Pharos: version of the server, TimescaleDB and its licence, privileges, policies.

Looks, and changes nothing. PostgreSQL without TimescaleDB is as good: then observations are partitioned by month.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from processors.storage.database import Connection
from processors.storage.schema import columnstore
from processors.storage.statements import statements

SQL: Final = statements(__name__)

OLDEST_POSTGRESQL: Final = 15  # MERGE, and unique constraints that know NULLs
OLDEST_TIMESCALEDB: Final = (2, 18)  # the first that speaks of a columnstore; tested are 2.23 and 2.29 or later


@dataclass(frozen=True)
class Examined:
    """One thing looked at: whether it is as a start needs it, and what was found."""

    subject: str
    good: bool
    found: str


def examine(connection: Connection) -> Iterator[Examined]:
    """Yield what was found; the schema need not be there yet."""
    version = connection.info.server_version // 10_000
    expected = "" if version >= OLDEST_POSTGRESQL else f"; expected {OLDEST_POSTGRESQL} or later"
    yield Examined("PostgreSQL server", not expected, f"{version}{expected}")
    row = connection.execute(SQL["examination"]).fetchone()
    if row is None:
        raise TypeError("examination returns no row")
    installed, is_available, licence, may_create, may_write, user = row
    yield timescaledb(installed, licence, is_available=is_available)
    if may_write is None:
        found = "may make tables" if may_create else f"{user} may not make tables in the schema public: grant it CREATE"
        yield Examined("privileges", may_create, found)
        return
    found = "may store readings" if may_write else f"{user} may not read and write observations: grant it to the role"
    yield Examined("privileges", may_write, found)
    if installed and licence:
        found_drift = columnstore.drift(connection)
        yield Examined("compression", not found_drift, "; ".join(map(str, found_drift)) or "as declared")


def timescaledb(installed: str | None, licence: str | None, *, is_available: bool) -> Examined:
    """Judge the extension by its version, its licence (None where it is not loaded) and whether it could be created."""
    subject = "TimescaleDB"
    if installed is None:
        there = "available, not created in this database" if is_available else "not installed"
        return Examined(subject, True, f"{there}: observations are partitioned by month")
    if tuple(map(int, re.findall(r"\d+", installed)[:2])) < OLDEST_TIMESCALEDB:
        oldest = ".".join(map(str, OLDEST_TIMESCALEDB))
        return Examined(subject, False, f"{installed}; expected {oldest} or later: alter extension timescaledb update")
    if licence is None:
        why = "the extension is created and not loaded: add timescaledb to shared_preload_libraries and restart"
        return Examined(subject, False, f"{installed}; {why}")
    if licence != "timescale":
        why = "compression needs timescaledb.license = timescale; without it nothing is compressed"
        return Examined(subject, False, f"{installed}, licence {licence}: {why}")
    return Examined(subject, True, f"{installed}, licence {licence}")
