"""Elering (Estonia): the day-ahead prices of one area, as its dashboard answers in CSV.

``GET /api/nps/price/csv?fields=ee``: a line of names, then seconds since 1970, the same in Estonian time, and the price
in EUR/MWh with a decimal comma (read in clients of the API). What a line says holds until the next one begins. The
answer does not name its area; a device is one of ee, lv, lt, fi by whom was asked for.
"""

import csv
from collections.abc import Iterator
from typing import Final

from ingest.decoder import Decoder, Sample, quoted
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads import decimals, instants
from ingest.payloads.answers import bounded, refused
from ingest.reasons import Reason

PRICE: Final = "price"


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each line; raises DecodeError for what is no answer, OverLimitError for too many lines."""
    try:
        lines = payload.decode("utf-8-sig").splitlines()
        rows = [row for row in csv.reader(lines, delimiter=";", strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DecodeError(f"expected CSV in UTF-8, found {quoted(payload)}") from error
    if not rows or len(rows[0]) != 3 or rows[0][0].isdigit():
        raise DecodeError(f"expected a first line of three names, of time, time and price; found {quoted(payload)}")
    return bounded(_samples(rows[1:]), limits)


def _samples(rows: list[list[str]]) -> Iterator[Sample]:
    for row in rows:
        seconds = decimals.of_text(row[0])
        price = decimals.of_text(row[2].replace(",", ".")) if len(row) == 3 else None
        try:
            time = instants.of_number(seconds)
        except ValueError:
            yield refused(None, Reason.BAD_TIME, f"the time is {quoted(row[0])}; expected seconds since 1970")
            continue
        if price is None:
            found = quoted(row[-1])
            yield refused(None, Reason.NOT_A_NUMBER, f"the price is {found}; expected a decimal number", field=PRICE)
        else:
            yield Sample(time, {PRICE: price}, {PRICE: "EUR/MWh"})


DECODER: Final = Decoder(
    name="elering",
    title="Elering: day-ahead prices (Baltic states, Finland)",
    keys=frozenset({PRICE}),
    decode=decode,
    meanings={PRICE: "electricity_price"},
    foreign=True,
)
