"""History files as a transport: CSV, Parquet and JSON lines, read in portions of rows, every cell as text.

Knows no payload: what the columns mean is for the mapping to say.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from ingest.errors import HistoryError

ROWS_AT_ONCE: Final = 50_000


def rows(path: Path, separator: str = ",") -> Iterator[pl.DataFrame]:
    """Yield the rows of a file in order, in portions; raises HistoryError when it is not what its name says."""
    try:
        frame = _scan(path, separator).select(pl.all().cast(pl.String))
        yield from frame.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise HistoryError(f"{path}: cannot be read: {error}") from error


def count(path: Path, separator: str = ",") -> int:
    """Return how many rows a file holds."""
    try:
        return int(_scan(path, separator).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise HistoryError(f"{path}: cannot be read: {error}") from error


def _scan(path: Path, separator: str) -> pl.LazyFrame:
    match path.suffix.lower():
        case ".csv" | ".txt":
            return pl.scan_csv(path, separator=separator, infer_schema=False, encoding="utf8")
        case ".parquet":
            return pl.scan_parquet(path)
        case ".jsonl" | ".ndjson":
            return pl.scan_ndjson(path)
        case other:
            raise HistoryError(f"{path}: expected .csv, .parquet or .jsonl, not {other or 'a name without ending'}")
