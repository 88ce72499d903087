"""Where exports read: a connection of their own that sees one moment, however long the writing takes."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.metadata import version

from psycopg import IsolationLevel

from ingest.model.time import isoformat
from kpi_engine.export.scope import DayRange, Edge, edge_text
from processors.storage.database import Connection, connect


@contextmanager
def one_moment(url: str, application: str) -> Iterator[Connection]:
    """Yield a connection to which nothing that is written from now on is visible."""
    with closing(connect(url, application)) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        yield connection


def about(now: int, days: DayRange, asked: Mapping[str, object], as_of: Edge | None = None) -> dict[str, str]:
    """Return what a table says of where it comes from; ``asked`` names what was chosen, of what is empty nothing."""
    chosen = {
        name: ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        for name, value in asked.items()
        if value
    }
    return {
        "made_by": f"Pharos {version('pharos-monitoring')}",
        "made_at": isoformat(now),
        "known_at": isoformat(now) if as_of is None else edge_text(as_of),
        "range": str(days),
        **chosen,
    }
