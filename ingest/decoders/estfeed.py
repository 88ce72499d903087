"""Estfeed (Estonia): what Elering's data hub answers with the metering data of metering points.

``GET /api/public/v1/metering-data``: an array with a ``meteringPointEic`` and its ``accountingIntervals`` each, or an
``error`` in their place (read in clients of the API). An interval says its begin in UTC; how long it is follows from
the begins of its neighbours: a quarter of an hour, or an hour. A device is a metering point by its EIC.

The public answers say neither how a value was obtained nor when it was issued.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from ingest.decoder import Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.given_interval import GivenInterval
from ingest.model.time import HOUR, MINUTE
from ingest.payloads import instants
from ingest.payloads.answers import bounded, name, numbers, objects, refused
from ingest.payloads.document import document, named
from ingest.reasons import Reason

_UNITS: Final = {"consumptionKwh": "kWh", "productionKwh": "kWh", "consumptionM3": "m3", "productionM3": "m3"}
_STEPS: Final = (15 * MINUTE, HOUR)


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each interval; raises DecodeError for what is no answer, OverLimitError for too many."""
    found = document(payload)
    if not isinstance(found, list):
        raise DecodeError(f"expected an array of metering points, found {named(found)}")
    return bounded((sample for point in objects(found) for sample in _of_point(point)), limits)


def _of_point(point: dict[str, Any]) -> Iterator[Sample]:
    device, error = name(point.get("meteringPointEic")), point.get("error")
    if error is not None:
        said = error.get("message") if isinstance(error, dict) else error
        yield refused(device, Reason.UNDECODABLE, f"Estfeed answers with an error: {named(said)}", 0)
        return
    timed: list[tuple[int, dict[str, Any]]] = []
    for interval in objects(point.get("accountingIntervals")):
        try:
            timed.append((instants.of_text(interval.get("periodStart")), interval))
        except ValueError:
            detail = f"periodStart is {named(interval.get('periodStart'))}; expected RFC 3339 with offset"
            yield refused(device, Reason.BAD_TIME, detail)
    step = _step([begin for begin, _ in timed])
    for begin, interval in timed:
        values, flawed = numbers(interval, _UNITS, device)
        yield from flawed
        if values:
            units = {field: _UNITS[field] for field in values}
            yield Sample(begin + step, values, units, interval=GivenInterval(begin, begin + step), device=device)


def _step(begins: Sequence[int]) -> int:
    """Return how long intervals are: as far apart as the nearest two of them begin, an hour where that is no length."""
    nearest = min((later - sooner for sooner, later in pairwise(sorted(begins))), default=HOUR)
    return nearest if nearest in _STEPS else HOUR


DECODER: Final = Decoder(
    name="estfeed",
    title="Estfeed: metering data of metering points (Estonia)",
    keys=frozenset({"meteringPointEic", "accountingIntervals", "periodStart", "error"}),
    decode=decode,
    meanings={"consumptionKwh": "electricity_energy"},
    foreign=True,
)
