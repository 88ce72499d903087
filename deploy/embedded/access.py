"""The first administrator's access to console and HTTP: issued at the first start, kept in the data folder."""

from datetime import UTC, datetime
from pathlib import Path

from deploy.embedded.folder import write_private
from kpi_engine.api import tokens
from processors.storage.database import connect


def first_token(url: str, kept_in: Path) -> tuple[str, bool]:
    """Return the administrator's token and whether it was issued just now; it stays valid until it is revoked.

    A token that the database does not know, such as after the database was replaced, is issued anew.
    """
    with connect(url, "pharos up") as connection:
        known = kept_in.read_text().strip() if kept_in.exists() else ""
        if known and tokens.verify(connection, known):
            return known, False
        name = f"first administrator, {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
        secret = tokens.create(connection, name, tokens.TokenRole.ADMIN, None)
        write_private(kept_in, f"{secret}\n")
    return secret, True
