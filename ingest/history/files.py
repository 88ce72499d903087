"""History files as a transport: CSV, Parquet and JSON lines, read in portions of rows, every cell as text.

Knows no payload: what the columns mean is for the mapping to say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from ingest.errors import HistoryError
from ingest.history import faults
from ingest.history.format import Format, format_of

ROWS_AT_ONCE: Final = 50_000


def rows(path: Path, separator: str = ",") -> Iterator[pl.DataFrame]:
    """Yield the rows of a file in order, in portions; raises HistoryError when it is not what its name says."""
    with _refused(path, separator):
        frame = _scan(path, separator).select(pl.all().cast(pl.String))
        yield from frame.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True)


def count(path: Path, separator: str = ",") -> int:
    """Return how many rows a file holds; raises HistoryError when it is not what its name says."""
    with _refused(path, separator):
        return int(_scan(path, separator).select(pl.len()).collect().item())


def _scan(path: Path, separator: str) -> pl.LazyFrame:
    match format_of(path):
        case Format.CSV:
            return pl.scan_csv(path, separator=separator, infer_schema=False, encoding="utf8", glob=False)
        case Format.PARQUET:
            return pl.scan_parquet(path, glob=False)
        case Format.JSON_LINES:
            return pl.scan_ndjson(path)


@contextmanager
def _refused(path: Path, separator: str) -> Iterator[None]:
    """Say what polars cannot read in words of ours, a panic of its engine included."""
    try:
        yield
    except OSError as error:
        raise HistoryError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise HistoryError(f"{path}: {faults.explained(path, separator, error)}") from error
