"""How CSV of no known format would be read, told from its first line: time, device and what it measures.

Without a line of names nobody can say what its columns are, and nothing is guessed.
"""

import csv
from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError

from ingest.inbox import field_names
from ingest.inbox.plain_names import DEVICE, MOST, TIME, clock
from ingest.model.payload_mapping import PayloadMapping

_SEPARATORS: Final = (";", "\t", "|", ",")  # in this order: commas may be those of numbers
_LARGEST: Final = 64 * 2**10  # bytes that are looked at


def mapping(payloads: Sequence[bytes]) -> PayloadMapping | None:
    """Return how ``payloads`` would be read; None where they are no CSV, or no name says what is measured."""
    for rows, separator in filter(None, map(_rows, payloads)):
        names, first = rows[0], rows[1]
        quantities = field_names.quantities(names)
        decimal = "," if separator != "," and any(_is_number(cell, ",") for cell in first) else "."
        document: dict[str, Any] = {"format": "csv", "separator": separator, "decimal": decimal, "values": []}
        for name, cell in zip(names, first, strict=True):
            if "time" not in document and TIME.search(name.lower()) and (said := clock(_plain(cell))) is not None:
                document["time"] = {"column": name, **said}
            elif "device" not in document and DEVICE.search(name.lower()):
                document["device"] = {"column": name}
            elif (quantity := quantities[name]) and _is_number(cell, decimal) and len(document["values"]) < MOST:
                quantities = {key: None if one == quantity else one for key, one in quantities.items()}
                unit = field_names.unit(name, quantity)
                document["values"].append({"column": name, "quantity": quantity} | ({"unit": unit} if unit else {}))
        try:
            return PayloadMapping.model_validate(document)
        except ValidationError:
            continue
    return None


def is_rows(payloads: Sequence[bytes]) -> bool:
    """Whether ``payloads`` look like rows of one width, with or without names."""
    return bool(payloads) and all(
        any(one.count(sign.encode()) == payloads[0].count(sign.encode()) > 0 for sign in _SEPARATORS)
        and one[:1] not in {b"{", b"["}
        and any(sign in b"0123456789" for sign in one)
        for one in payloads
    )


def _rows(payload: bytes) -> tuple[list[list[str]], str] | None:
    """Return the rows and what separates their cells, where all are as wide as the first, which has names only."""
    if len(payload) > _LARGEST:
        return None
    try:
        lines = payload.decode("utf-8-sig").splitlines()
        for separator in _SEPARATORS:
            rows = [
                [cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator, strict=True) if row
            ]
            is_table = len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1
            if is_table and all(name and not name[0].isdigit() for name in rows[0]):
                return rows, separator
    except (UnicodeDecodeError, csv.Error):
        return None
    return None


def _plain(cell: str) -> object:
    return float(cell) if _is_number(cell, ".") else cell


def _is_number(cell: str, decimal: str) -> bool:
    whole, point, rest = cell.removeprefix("-").partition(decimal)
    return whole.isdecimal() and cell.isascii() and (rest.isdecimal() if point else decimal == ".")
