"""The rows of a payload: what stands in the columns that its mapping reads."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from ingest.decoder import quoted
from ingest.errors import DecodeError
from ingest.model import json_path
from ingest.model.payload_mapping import PayloadMapping, RowFormat
from ingest.payloads.document import document

Row = dict[str, object]  # by column; what is absent, null or empty is left out


def reader(mapping: PayloadMapping) -> Callable[[bytes], Iterator[Row]]:
    """Return what yields the rows of a payload in order, or raises DecodeError for what is not in the right format."""
    if mapping.format is RowFormat.CSV:
        return partial(_of_csv, mapping)
    paths = [(column, json_path.parse(column)) for column in dict.fromkeys(mapping.columns)]
    keys = [(column, path[0]) for column, path in paths if len(path) == 1 and isinstance(path[0], str)]
    rows = json_path.parse(mapping.rows) if mapping.rows else None
    return partial(_of_json, rows, paths, keys if len(keys) == len(paths) else None)


def _of_json(
    rows: json_path.Path | None,
    paths: Sequence[tuple[str, json_path.Path]],
    keys: Sequence[tuple[str, str]] | None,
    payload: bytes,
) -> Iterator[Row]:
    """Yield what stands at ``paths`` in each row; ``keys``: the same where each is a key of the row, as most are."""
    found = document(payload)
    if rows is not None:
        taken: Iterable[object] = json_path.every(found, rows)
    else:
        taken = found if isinstance(found, list) else [found]
    for row in taken:
        if keys is not None and isinstance(row, dict):
            yield {column: cell for column, key in keys if (cell := row.get(key)) is not None}
        else:
            yield {column: cell for column, path in paths if (cell := json_path.one(row, path)) is not None}


def _of_csv(mapping: PayloadMapping, payload: bytes) -> Iterator[Row]:
    try:
        lines = payload.decode("utf-8-sig").splitlines()
        cells = [row for row in csv.reader(lines, delimiter=mapping.separator, strict=True) if row]
    except UnicodeDecodeError as error:
        at = f"as byte {error.start + 1}"
        raise DecodeError(f"expected text in UTF-8, found 0x{payload[error.start]:02x} {at}") from error
    except csv.Error as error:
        raise DecodeError(f"expected CSV, found {quoted(payload)}: {error}") from error
    header = mapping.header or (cells.pop(0) if cells else ())
    if missing := [column for column in mapping.columns if column not in header]:
        raise DecodeError(f"no column {quoted(missing[0])}; the first line has {quoted(', '.join(header))}")
    for row in cells:
        yield {column: cell.strip() for column, cell in zip(header, row, strict=False) if cell.strip()}
