"""ENTSO-E (Europe): actual generation by type of a bidding zone, as the Transparency Platform answers (A75).

``GL_MarketDocument`` of IEC 62325-451-6 (read in guides and clients of the platform). Each kind of plant is a field by
its code, B16 for solar, in MW, as the mean of the interval that begins at its time. ``renewable_share`` is a field of
our own: the share of wind, sun, water, geothermal heat, the sea and biomass (Directive (EU) 2018/2001, article 2; waste
not counted) in what the answer holds, without storage, where every kind of the answer has a value. A device is a
bidding zone by its EIC. Carbon intensity is nothing that the platform says, and is not made up here.

Where a point is left out of a curve of type A03, the one before it goes on; of other curves it is not known.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import fsum
from typing import Final

from ingest.decoder import Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.time import HOUR, MINUTE
from ingest.payloads import decimals, local
from ingest.payloads.answers import bounded, name, refused
from ingest.payloads.document import named
from ingest.payloads.xml_elements import Element, XmlRefusedError, elements
from ingest.reasons import Reason

RENEWABLE_SHARE: Final = "renewable_share"
_RENEWABLE: Final = frozenset({"B01", "B09", "B11", "B12", "B13", "B15", "B16", "B18", "B19"})
_STORAGE: Final = frozenset({"B10", "B25"})
_KINDS: Final = tuple(f"B{number:02}" for number in range(1, 26))
_STEPS: Final = {"PT15M": 15 * MINUTE, "PT30M": 30 * MINUTE, "PT60M": HOUR, "PT1H": HOUR}
_NO_DATA: Final = "999"
_GOES_ON: Final = "A03"  # a block that lasts until the next point; of any other curve what is left out is not known
_MOST_DIGITS: Final = 6  # of a position


@dataclass
class _Series:
    """What is known of a time series so far; ``points`` of its period by their numbers."""

    zone: str | None = None
    kind: str = ""
    unit: str = ""
    start: str = ""
    end: str = ""
    step: str = ""
    curve: str = ""
    position: str = ""
    points: dict[int, float] = field(default_factory=dict)


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each time; raises DecodeError for what is no answer, OverLimitError for too many times."""
    try:
        return bounded(_samples(payload, limits), limits)
    except XmlRefusedError as error:
        raise DecodeError(str(error)) from error


def _samples(payload: bytes, limits: PayloadLimits) -> Iterator[Sample]:
    zones: dict[str, dict[int, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    series, reason, root = _Series(), "", ""
    for one in elements([payload]):
        root = one.path[0]
        if one.name == "code" and one.path[-2:-1] == ("Reason",):
            reason = one.text
        if "TimeSeries" not in one.path:
            continue
        _note(series, one)
        if one.name == "quantity" and (fault := _point(series, one.text, limits)):
            yield fault
        if one.name == "Period":
            if fault := _take(series, zones, limits):
                yield fault
            series.points = {}
        if one.name == "TimeSeries":
            series = _Series()
    if root != "GL_MarketDocument" and not (root == "Acknowledgement_MarketDocument" and reason == _NO_DATA):
        raise DecodeError(f"expected a GL_MarketDocument, found {named(root)} with the reason {named(reason)}")
    for zone, times in zones.items():
        yield from _of_zone(zone, times)


def _note(series: _Series, one: Element) -> None:
    """Take down what an element says of its time series."""
    match one.name:
        case "inBiddingZone_Domain.mRID":
            series.zone = name(one.text)
        case "psrType":
            series.kind = one.text
        case "quantity_Measure_Unit.name":
            series.unit = one.text
        case "start" | "end" if one.path[-2] == "timeInterval":
            setattr(series, one.name, one.text)
        case "curveType":
            series.curve = one.text
        case "resolution":
            series.step = one.text
        case "position":
            series.position = one.text


def _point(series: _Series, text: str, limits: PayloadLimits) -> Sample | None:
    digits, value = series.position, decimals.of_text(text)
    if series.zone is None or len(series.points) > limits.samples:
        return None  # what storage takes up is told by its other zone, and is no generation
    if not (digits.isascii() and digits.isdigit() and 0 < len(digits) <= _MOST_DIGITS):
        return refused(series.zone, Reason.BAD_TIME, f"position is {named(digits)}; expected a number from 1 on")
    if value is None:
        return refused(series.zone, Reason.NOT_A_NUMBER, f"quantity is {named(text)}; expected a decimal number")
    series.points[int(digits)] = value
    return None


def _take(series: _Series, zones: dict[str, dict[int, dict[str, float]]], limits: PayloadLimits) -> Sample | None:
    """Add the points of a period that has ended; returns what tells why they are refused."""
    if series.zone is None or not series.points:
        return None
    if series.unit != "MAW" or series.kind not in _KINDS:
        detail = f"expected a psrType from B01 to B25 in MAW, found {named(series.kind)} in {named(series.unit)}"
        return refused(series.zone, Reason.UNDECODABLE, detail, len(series.points))
    step = _STEPS.get(series.step)
    try:
        begin, end = (local.of_text(text.removesuffix("Z")) for text in (series.start, series.end))
    except ValueError:
        begin = end = 0
    if step is None or not 0 < (end - begin) // step <= limits.samples:
        detail = f"expected a timeInterval in UTC, in steps of {', '.join(_STEPS)}"
        return refused(series.zone, Reason.BAD_TIME, detail, len(series.points))
    value: float | None = None
    for position in range(1, (end - begin) // step + 1):
        value = series.points.get(position, value if series.curve == _GOES_ON else None)
        if value is not None:
            zones[series.zone][begin + (position - 1) * step][series.kind] = value
    return None


def _of_zone(zone: str, times: dict[int, dict[str, float]]) -> Iterator[Sample]:
    kinds = {kind for values in times.values() for kind in values}
    for time, values in sorted(times.items()):
        units = dict.fromkeys(values, "MW")
        generated = fsum(value for kind, value in values.items() if kind not in _STORAGE)
        renewable = fsum(value for kind, value in values.items() if kind in _RENEWABLE)
        if values.keys() == kinds and generated > 0:
            values[RENEWABLE_SHARE], units[RENEWABLE_SHARE] = 100.0 * renewable / generated, "percent"
        yield Sample(time, values, units, device=zone)


DECODER: Final = Decoder(
    name="entsoe",
    title="ENTSO-E: generation by type of a bidding zone (Europe)",
    keys=frozenset({"TimeSeries", "Period", "Point", "position", "quantity", "psrType"}),
    decode=decode,
    meanings={RENEWABLE_SHARE: "grid_renewable_share"},
    foreign=True,
)
