"""History files as a transport: CSV, Parquet, JSON lines and what has a reader, in portions of rows of text.

Knows no payload: what the columns mean is for the mapping to say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from ingest.errors import HistoryError
from ingest.history import faults
from ingest.history.format import Format, format_of
from ingest.history.layout import PLAIN, FileLayout
from ingest.history.reader import FileReader, UnreadableError
from ingest.history.readers import READERS

ROWS_AT_ONCE: Final = 50_000


def rows(path: Path, layout: FileLayout = PLAIN) -> Iterator[pl.DataFrame]:
    """Yield the rows of a file in order, in portions; raises HistoryError when it is not what its name says."""
    with _refused(path, layout):
        if layout.reader:
            yield from _made(READERS[layout.reader], path, layout)
            return
        frame = _scan(path, layout).select(pl.all().cast(pl.String))
        yield from frame.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True)


def count(path: Path, layout: FileLayout = PLAIN) -> int:
    """Return how many rows a file holds; raises HistoryError when it is not what its name says."""
    with _refused(path, layout):
        if layout.reader:
            return sum(1 for _ in READERS[layout.reader].rows(_named(READERS[layout.reader], path), layout.columns))
        return int(_scan(path, layout).select(pl.len()).collect().item())


def _made(reader: FileReader, path: Path, layout: FileLayout) -> Iterator[pl.DataFrame]:
    """Yield the rows that a reader makes, in portions, with the columns that are asked for and no others."""
    made = reader.rows(_named(reader, path), layout.columns)
    schema = dict.fromkeys(layout.columns, pl.String)
    while portion := list(islice(made, ROWS_AT_ONCE)):
        yield pl.DataFrame([{name: row.get(name) for name in layout.columns} for row in portion], schema=schema)


def _named(reader: FileReader, path: Path) -> Path:
    """Return a file that a reader is for; raises HistoryError for one that is called otherwise."""
    if path.suffix.lower() not in reader.endings:
        raise HistoryError(f"{path}: expected {reader.title}, a file that ends in {' or '.join(reader.endings)}")
    return path


def _scan(path: Path, layout: FileLayout) -> pl.LazyFrame:
    match format_of(path):
        case Format.CSV:
            return pl.scan_csv(
                path,
                separator=layout.separator,
                infer_schema=False,
                encoding="utf8",
                glob=False,
                has_header=not layout.header,
                new_columns=list(layout.header) or None,
            )
        case Format.PARQUET:
            return pl.scan_parquet(path, glob=False)
        case Format.JSON_LINES:
            return pl.scan_ndjson(path)


@contextmanager
def _refused(path: Path, layout: FileLayout) -> Iterator[None]:
    """Say what polars cannot read in words of ours, a panic of its engine included."""
    try:
        yield
    except OSError as error:
        raise HistoryError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (UnreadableError, UnicodeDecodeError) as error:
        raise HistoryError(f"{path}: {error}. {faults.KEPT}") from error
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise HistoryError(f"{path}: {faults.explained(path, layout, error)}") from error
