"""The rows of a payload: what stands in the columns that its mapping reads."""

import csv
from collections.abc import Iterable, Iterator

from ingest.decoder import quoted
from ingest.errors import DecodeError
from ingest.model import json_path
from ingest.model.payload_mapping import PayloadMapping, RowFormat
from ingest.payloads.document import document

Row = dict[str, object]  # by column; what is absent, null or empty is left out


def rows(mapping: PayloadMapping, payload: bytes) -> Iterator[Row]:
    """Yield the rows of a payload in order; raises DecodeError for what is not in the mapping's format."""
    return _of_csv(mapping, payload) if mapping.format is RowFormat.CSV else _of_json(mapping, payload)


def _of_json(mapping: PayloadMapping, payload: bytes) -> Iterator[Row]:
    found = document(payload)
    if mapping.rows:
        taken: Iterable[object] = json_path.every(found, json_path.parse(mapping.rows))
    else:
        taken = found if isinstance(found, list) else [found]
    paths = {column: json_path.parse(column) for column in mapping.columns}
    for row in taken:
        cells = {column: json_path.one(row, path) for column, path in paths.items()}
        yield {column: cell for column, cell in cells.items() if cell is not None}


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
