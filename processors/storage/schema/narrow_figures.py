"""Moves figures of before into narrow rows, and their log, a portion at a time.

Each portion is a transaction of its own: what is interrupted goes on where it was, memory and locks stay small. Nothing
is lost or made anew: numbers, revisions and times stay as they were.
"""

from typing import Any, Final

from processors.storage.database import Connection
from processors.storage.figures import batches, names, texts
from processors.storage.figures.names import Edition, FigureKind
from processors.storage.statements import statements

SQL: Final = statements(__name__)

FIGURES: Final = 5_000  # at a time
RECORDS: Final = 50_000


def move(connection: Connection) -> None:
    """Move all that there is; the connection commits by itself."""
    while _move_figures(connection):
        pass
    while _move_records(connection):
        pass


def _move_figures(connection: Connection) -> int:
    """Move the oldest figures, and return how many."""
    with connection.transaction():
        rows = connection.execute(SQL["wide_figures"], {"limit": FIGURES}).fetchall()
        if not rows:
            return 0
        kinds = names.kinds(connection, (FigureKind(*row[:2]) for row in rows))
        editions = names.editions(connection, (Edition(*row[2:5]) for row in rows))
        numbered = texts.store(connection, (text for row in rows for text in row[6:10]))
        places = batches.store(connection, (row[5] for row in rows))
        with connection.cursor() as cursor, cursor.copy(SQL["figure_copy"]) as copy:
            for row, place in zip(rows, places, strict=True):
                numbers: tuple[Any, ...] = (kinds[FigureKind(*row[:2])], editions[Edition(*row[2:5])], *place)
                copy.write_row((*numbers, *(numbered[text] for text in row[6:10]), *row[10:]))
        return connection.execute(SQL["wide_figures_done"], {"last": rows[-1][10]}).rowcount


def _move_records(connection: Connection) -> int:
    """Move the oldest records of recomputations, and return how many rows they are now."""
    with connection.transaction():
        asked = {"limit": RECORDS}
        kinds = names.kinds(connection, (FigureKind(*key) for key in connection.execute(SQL["records_kinds"], asked)))
        numbered = texts.store(connection, (text for (text,) in connection.execute(SQL["records_texts"], asked)))
        columns = {
            "kpis": [kind.kpi for kind in kinds],
            "periods": [kind.period for kind in kinds],
            "kind_ids": list(kinds.values()),
            "texts": [text for text in numbered if text is not None],
            "text_ids": [number for number in numbered.values() if number is not None],
        }
        return connection.execute(SQL["records_move"], asked | columns).rowcount
