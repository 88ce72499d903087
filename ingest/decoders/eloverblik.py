"""Eloverblik (Denmark): what the customer and third-party API answers with metering points' time series.

``MyEnergyData_MarketDocument`` of ``meterdata/gettimeseries`` (IEC 62325 as Energinet uses it; read in clients of the
API, the codes of quality recalled). Points are numbered from 1 within a period that gives its begin in UTC and its
resolution, so that the nights on which clocks change need no rule. A device is a metering point by its GSRN.

What the document was created at is the revision: of two answers the later one holds.
"""

from collections.abc import Iterator
from typing import Any, Final

from ingest.decoder import Decoder, Sample
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.given_interval import GivenInterval
from ingest.model.revision import of_micros
from ingest.model.time import HOUR, MINUTE
from ingest.payloads import decimals, instants
from ingest.payloads.answers import answered, bounded, name, objects, refused
from ingest.payloads.document import named
from ingest.reasons import Reason

# Whether a point is estimated, by what it says of its quality: the list of IEC 62325, and that of ebIX before it.
_ESTIMATED: Final = {
    "A01": False,  # adjusted
    "A03": True,  # estimated
    "A04": False,  # as provided
    "E01": False,  # measured
    "36": False,  # revised
    "56": True,  # estimated
}
_UNAVAILABLE: Final = "A02"
_DIRECTIONS: Final = {"A04": "consumption", "A01": "production"}
_STEPS: Final = {"PT15M": 15 * MINUTE, "PT1H": HOUR}
_UNITS: Final = {"WH": "Wh", "KWH": "kWh", "MWH": "MWh"}
_MOST_DIGITS: Final = 6  # of a position


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each point; raises DecodeError for what is no answer, OverLimitError for too many points."""
    return bounded((sample for one in answered(payload, "result") for sample in _answered(one)), limits)


def _answered(answer: dict[str, Any]) -> Iterator[Sample]:
    """Yield what is said of one metering point."""
    document = answer.get("MyEnergyData_MarketDocument")
    if answer.get("success") is False or not isinstance(document, dict):
        detail = f"Eloverblik answers with an error: {named(answer.get('errorText'))}"
        yield refused(name(answer.get("id")), Reason.UNDECODABLE, detail, 0)
        return
    try:
        revision = of_micros(instants.of_text(document.get("createdDateTime")))
    except ValueError:
        revision = None
    for series in objects(document.get("TimeSeries")):
        yield from _of_series(series, revision)


def _of_series(series: dict[str, Any], revision: float | None) -> Iterator[Sample]:
    device = name(series.get("mRID"))
    field = _DIRECTIONS.get(str(series.get("businessType")))
    unit = _UNITS.get(str(series.get("measurement_Unit.name")).upper())
    if device is None or field is None or unit is None:
        said = "businessType A04 or A01, and a measurement_Unit.name such as KWH"
        yield refused(device, Reason.UNDECODABLE, f"expected a time series with an mRID, {said}; found another one")
        return
    for period in objects(series.get("Period")):
        points, between = objects(period.get("Point")), period.get("timeInterval")
        edges = between if isinstance(between, dict) else {}
        try:
            begin, end = (instants.of_text(edges.get(edge)) for edge in ("start", "end"))
        except ValueError:
            detail = "expected a timeInterval of start and end in RFC 3339 with offset"
            yield refused(device, Reason.BAD_TIME, detail, len(points))
            continue
        step = _STEPS.get(str(period.get("resolution")), end - begin if len(points) == 1 else 0)
        for point in points:
            place = _place(point.get("position"))
            if step <= 0 or place == 0 or begin + place * step > end:
                detail = f"position {named(point.get('position'))} is none of its period, in steps of PT15M or PT1H"
                yield refused(device, Reason.BAD_TIME, detail)
            else:
                interval = GivenInterval(begin + (place - 1) * step, begin + place * step)
                yield _of_point(point, interval, (device, field, unit), revision)


def _of_point(
    point: dict[str, Any], interval: GivenInterval, of: tuple[str, str, str], revision: float | None
) -> Sample:
    """Return what a point says; ``of``: its device, the field, and its unit."""
    device, field, unit = of
    quality, found = point.get("out_Quantity.quality"), point.get("out_Quantity.quantity")
    if quality == _UNAVAILABLE:
        return Sample(interval.end, {field: None}, device=device, interval=interval)
    amount = decimals.of_text(str(found)) if type(found) in {str, int, float} else None
    if amount is None:
        detail = f"the quantity is {named(found)}; expected a decimal number"
        return refused(device, Reason.NOT_A_NUMBER, detail, field=field)
    is_estimated = _ESTIMATED.get(quality) if isinstance(quality, str) else None
    if is_estimated is None:
        detail = f"the quality is {named(quality)}; expected one of {', '.join(_ESTIMATED)}: an incomplete sum is none"
        return refused(device, Reason.UNDECODABLE, detail, field=field)
    return Sample(
        interval.end,
        {field: amount},
        {field: unit},
        revision=revision,
        interval=interval,
        device=device,
        is_estimated=is_estimated,
    )


def _place(found: object) -> int:
    """Return the number of a point in its period, 0 where it has none."""
    text = str(found)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


DECODER: Final = Decoder(
    name="eloverblik",
    title="Eloverblik: time series of metering points (Denmark)",
    keys=frozenset({"result", "MyEnergyData_MarketDocument", "TimeSeries", "Period", "Point", "position"}),
    decode=decode,
    meanings=dict.fromkeys(_DIRECTIONS.values(), "electricity_energy"),
    foreign=True,
)
