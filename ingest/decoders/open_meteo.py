"""Open-Meteo: outdoor temperature by the hour at a place, of its archive or of its forecast's past days.

``GET /v1/archive`` and ``/v1/forecast`` with ``hourly=temperature_2m`` and ``timeformat=unixtime`` (read in its
documentation as others quote it). The values are those of a model of the weather at the nearest point of its grid, no
readings of a thermometer, and so are told as estimated. The answer names the point of the grid and not the place that
was asked for, so a device is its place, 54.91,9.79, by whom was asked for.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from ingest.decoder import Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads import instants
from ingest.payloads.answers import bounded, number, refused
from ingest.payloads.document import named, record
from ingest.reasons import Reason

TEMPERATURE: Final = "temperature_2m"


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each hour; raises DecodeError for what is no answer, OverLimitError for too many hours."""
    hourly = record(payload).get("hourly")
    if not isinstance(hourly, dict):
        raise DecodeError(f"expected an answer with hourly, found {named(hourly)}")
    times, values = hourly.get("time"), hourly.get(TEMPERATURE)
    if not isinstance(times, list) or not isinstance(values, list) or len(times) != len(values):
        raise DecodeError(f"expected two arrays of one length, hourly.time and hourly.{TEMPERATURE}")
    return bounded(_samples(zip(times, values, strict=True)), limits)


def _samples(hours: Iterable[tuple[object, object]]) -> Iterator[Sample]:
    for found, value in hours:
        try:
            time = instants.of_number(found)
        except ValueError:
            yield refused(None, Reason.BAD_TIME, f"time is {named(found)}; expected seconds since 1970")
            continue
        if value is None:
            continue
        if (temperature := number(value)) is None:
            detail = f"{TEMPERATURE} is {named(value)}; expected a number"
            yield refused(None, Reason.NOT_A_NUMBER, detail, field=TEMPERATURE)
        else:
            yield Sample(time, {TEMPERATURE: temperature}, {TEMPERATURE: "degC"}, is_estimated=True)


DECODER: Final = Decoder(
    name="open_meteo",
    title="Open-Meteo: outdoor temperature of a model of the weather",
    keys=frozenset({"hourly", "time"}),
    decode=decode,
    meanings={TEMPERATURE: "outdoor_temperature"},
    foreign=True,
)
