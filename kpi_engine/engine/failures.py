"""Why figures could not be computed: the last failure of each indicator and city, for whoever looks at the queue."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import psycopg

from ingest.wording import in_words
from kpi_engine.figures.figure import FigureKey
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)
LONGEST: Final = 300  # characters of an error


def note(connection: Connection, keys: Iterable[FigureKey], error: Exception) -> None:
    """Keep that ``error`` came up while figures were computed together; nothing where the database is not to be had.

    Ends the transaction in which it did.
    """
    tried = sorted({(key.kpi, key.subject[0]) for key in keys})
    if not tried or connection.closed:
        return
    kpis, cities = zip(*tried, strict=True)
    why = f"{type(error).__name__}: {in_words(error)}"[:LONGEST]
    with suppress(psycopg.Error):
        connection.rollback()
        connection.execute(SQL["failure_note"], {"kpis": list(kpis), "cities": list(cities), "error": why})
        connection.commit()
