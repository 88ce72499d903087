"""The rows of a payload: what stands in the columns that its mapping reads."""

import csv
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

from ingest.decoder import quoted
from ingest.errors import DecodeError
from ingest.model import json_path
from ingest.model.payload_mapping import PayloadMapping, RowFormat
from ingest.payloads.document import document

Row = dict[str, object]  # by column; what is absent, null or empty is left out, or None


def reader(mapping: PayloadMapping) -> Callable[[bytes, int], list[Row]]:
    """Return what reads so many rows of a payload in order, or raises DecodeError for what is not in the format."""
    if mapping.format is RowFormat.CSV:
        return partial(_of_csv, mapping)
    paths = [(column, json_path.parse(column)) for column in dict.fromkeys(mapping.columns)]
    rows = json_path.parse(mapping.rows) if mapping.rows else None
    return partial(_of_json, rows, [(column, path) for column, path in paths if path != (column,)])


def _of_json(
    rows: json_path.Path | None, deeper: Sequence[tuple[str, json_path.Path]], payload: bytes, most: int
) -> list[Row]:
    """Return the rows, each with what stands at the ``deeper`` paths; other columns are keys of it already."""
    found = document(payload)
    if rows is not None:
        taken = list(islice(json_path.every(found, rows), most))
    else:
        taken = found[:most] if isinstance(found, list) else [found]
    return (
        [_with_deeper(row, deeper) for row in taken] if deeper else [row if type(row) is dict else {} for row in taken]
    )


def _with_deeper(row: object, deeper: Sequence[tuple[str, json_path.Path]]) -> Row:
    cells: Row = row.copy() if type(row) is dict else {}
    for column, path in deeper:
        found = row
        for step in path:
            if type(found) is dict and type(step) is str:
                found = found.get(step)
            else:  # a place of an array, or nothing further down
                found = json_path.one(row, path)
                break
        cells[column] = found
    return cells


def _of_csv(mapping: PayloadMapping, payload: bytes, most: int) -> list[Row]:
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
    return [
        {column: cell.strip() for column, cell in zip(header, row, strict=False) if cell.strip()}
        for row in cells[:most]
    ]
