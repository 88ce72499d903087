"""Estfeed (Estonia): what Elering's data hub answers with the metering data of metering points.

``GET /api/public/v1/metering-data``: an array with a ``meteringPointEic`` and its ``accountingIntervals`` each, or an
``error`` in their place (read in clients of the API). An interval says its begin in UTC; how long it is follows from
the begins of its neighbours: a quarter of an hour, or an hour. A device is a metering point by its EIC.

The public answers say neither how a value was obtained nor when it was issued.
"""

from collections.abc import Iterable, Iterator
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
    steps = _steps([begin for begin, _ in timed])
    for begin, interval in timed:
        step = steps[begin]
        values, flawed = numbers(interval, _UNITS, device)
        yield from flawed
        if values:
            units = {field: _UNITS[field] for field in values}
            yield Sample(begin + step, values, units, interval=GivenInterval(begin, begin + step), device=device)


def _steps(begins: Iterable[int]) -> dict[int, int]:
    """Return how long the interval of each begin is: as far as to its nearest neighbour, where that is a length.

    Where it is none, it is as long as the shortest one of the answer; an hour where none of them is known.
    """
    ordered = sorted(set(begins))
    gaps = [later - sooner for sooner, later in pairwise(ordered)]
    usual = min((gap for gap in gaps if gap in _STEPS), default=HOUR)
    nearest = map(min, [HOUR * 2, *gaps], [*gaps, HOUR * 2])  # of none there is one too many
    return {begin: gap if gap in _STEPS else usual for begin, gap in zip(ordered, nearest, strict=False)}


DECODER: Final = Decoder(
    name="estfeed",
    title="Estfeed: metering data of metering points (Estonia)",
    keys=frozenset({"meteringPointEic", "accountingIntervals", "periodStart", "error"}),
    decode=decode,
    meanings={"consumptionKwh": "electricity_energy"},
    foreign=True,
)
