"""What figures say in words, once for all that say it: reasons, causes, what moved, lists of factors.

The same text may stand twice where two writers met it at the same time: nothing rests on its being there once, so
nobody waits for anybody. A text is used again for REUSED only. So one that is older, and that no stored figure refers
to, is referred to by none that is just being written either, and can go.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

REUSED: Final = timedelta(days=30)
SPARED: Final = REUSED + timedelta(days=1)  # a transaction ends within a day


def store(connection: Connection, texts: Iterable[str | None]) -> Mapping[str | None, int | None]:
    """Return the numbers of texts, of which the store has all then; None has none."""
    wanted = sorted({text for text in texts if text is not None})
    known: dict[str, int] = dict(connection.execute(SQL["texts"], {"texts": wanted, "reused": REUSED}).fetchall())
    if new := [text for text in wanted if text not in known]:
        known |= dict(connection.execute(SQL["texts_add"], {"texts": new}).fetchall())
    numbers: dict[str | None, int | None] = {None: None}
    numbers.update(known)
    return numbers


def remove_unused(connection: Connection) -> int:
    """Remove old texts that nothing refers to, and return how many: reads all figures."""
    return connection.execute(SQL["texts_remove"], {"spared": SPARED}).rowcount
