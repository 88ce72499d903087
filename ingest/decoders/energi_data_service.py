"""Energi Data Service (Denmark): what Energinet's open data answer with records of a price area.

Records of the datasets CO2Emis (five minutes), DayAheadPrices (quarters) and Elspotprices (hours, until 2025), as
``GET /dataset/NAME`` gives them (read in clients of the API). Times are those of the columns in UTC, without an offset.
What a record says holds until the next one begins. A device is a price area: DK1, DK2.
"""

from collections.abc import Iterator
from typing import Any, Final

from ingest.decoder import Decoder, Sample
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads import local
from ingest.payloads.answers import answered, bounded, name, numbers, refused
from ingest.payloads.document import named
from ingest.reasons import Reason

_TIMES: Final = ("Minutes5UTC", "TimeUTC", "HourUTC")
_UNITS: Final = {"CO2Emission": "g/kWh", "DayAheadPriceEUR": "EUR/MWh", "SpotPriceEUR": "EUR/MWh"}
_MEANINGS: Final = {
    "CO2Emission": "grid_emission_factor",
    "DayAheadPriceEUR": "electricity_price",
    "SpotPriceEUR": "electricity_price",
}


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each record; raises DecodeError for what is no answer, OverLimitError for too many."""
    return bounded((sample for one in answered(payload, "records") for sample in _samples(one)), limits)


def _samples(row: dict[str, Any]) -> Iterator[Sample]:
    device, clock = name(row.get("PriceArea")), next((key for key in _TIMES if key in row), _TIMES[0])
    try:
        time = local.of_text(row.get(clock))
    except ValueError:
        detail = f"{clock} is {named(row.get(clock))}; expected {local.EXPECTED}"
        yield refused(device, Reason.BAD_TIME, detail)
        return
    values, flawed = numbers(row, _UNITS, device)
    yield from flawed
    if values:
        yield Sample(time, values, {field: _UNITS[field] for field in values}, device=device)


DECODER: Final = Decoder(
    name="energi_data_service",
    title="Energi Data Service: CO2 intensity and prices of the grid (Denmark)",
    keys=frozenset({"records", "PriceArea", *_TIMES}),
    decode=decode,
    meanings=_MEANINGS,
    foreign=True,
)
