"""The roles of a database, one for each kind of process, with the rights it needs and no others.

pharos_owner     owns database and schema, migrates, administers, makes backups and copies of all files
pharos_writer    ingest and processors: telemetry, rollups and master data; deletes nothing of the ledger
pharos_kpi       the KPI engine: reads those but what was refused, writes figures and factors
pharos_api       HTTP: reads everything, writes sessions, tokens, what people do about alarms, and what is to be
                 taken once more of quarantine
pharos_grafana   dashboards: reads the views of schema grafana, in read-only transactions with a time limit
pharos_evaluator evaluators: reads the views of schema evaluator; nobody logs in as it, people's roles are members of it

The embedded stack makes them for its own database. One without these roles is left as it is.
"""

from collections.abc import Mapping
from typing import Final

from psycopg import sql

from processors.storage.database import ADMINISTERING, connect
from processors.storage.statements import statements

SQL: Final = statements(__name__)

OWNER: Final = "pharos_owner"
USERS: Final = ("owner", "writer", "kpi", "api", "grafana")
ROLES: Final = {user: f"pharos_{user}" for user in USERS}
APPLICATION: Final = "pharos database roles"
_MECHANISM: Final = b"scram-sha-256"


def create(url: str, passwords: Mapping[str, str]) -> None:
    """Make the roles and set their ``passwords``, by user as in USERS; ``url`` is a superuser's.

    A second time it changes what differs. The server is given digests, never a password.
    """
    with connect(url, APPLICATION, ADMINISTERING) as connection:
        for user, role in ROLES.items():
            connection.execute("select set_config('pharos.role', %s, true)", [role])
            connection.execute(SQL["role_ensure"].encode())
            digest = connection.pgconn.encrypt_password(passwords[user].encode(), role.encode(), _MECHANISM).decode()
            change = sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(digest))
            connection.execute(change)
        connection.execute(SQL["evaluators_ensure"].encode())
        connection.execute(SQL["database_to_owner"].encode())
        connection.execute(SQL["objects_to_owner"].encode())


def grant(url: str) -> None:
    """Give each role the rights on what the schema holds now; ``url`` is the owner's. To be done after migrations."""
    with connect(url, APPLICATION, ADMINISTERING) as connection:
        connection.execute(SQL["rights"].encode())
