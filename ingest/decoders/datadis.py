"""Datadis (Spain): what the private API answers with the consumption of a supply point.

``get-consumption-data``: an array of hours, or of quarters, each with ``date``, ``time`` and ``consumptionKWh`` (read
in clients of the API). ``time`` is the end of an hour of the peninsula's clocks, 01:00 to 24:00; of some distributors
it is its begin, 00:00 to 23:00. ``obtainMethod`` says whether it was read (Real) or estimated (Estimada). A device is a
supply point by its CUPS. How the nights are taken on which clocks change stands in ingest.payloads.day_steps.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final

from ingest.decoder import Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.given_interval import GivenInterval
from ingest.model.time import HOUR, MINUTE
from ingest.payloads.answers import bounded, name, numbers, objects, refused
from ingest.payloads.day_steps import DayStep, intervals
from ingest.payloads.document import document, named
from ingest.reasons import Reason

ZONE: Final = "Europe/Madrid"
_READ: Final = "real"
_FIELDS: Final = ("consumptionKWh", "surplusEnergyKWh", "generationEnergyKWh", "selfConsumptionEnergyKWh")
_DATE: Final = re.compile(r"(\d{4})[/-](\d\d)[/-](\d\d)", re.ASCII)
_TIME: Final = re.compile(r"(\d\d?):(\d\d)", re.ASCII)
_LONGEST: Final = 16  # characters of either that are looked at: more than any of them has
_EXPECTED: Final = "expected a day such as 2026/07/01 and an hour of it, 01:00 to 24:00"


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each hour; raises DecodeError for what is no answer, OverLimitError for too many hours."""
    found = document(payload)
    if isinstance(found, dict):
        found = found.get("timeCurve", found.get("response"))
    if not isinstance(found, list):
        raise DecodeError(f"expected an array of hours, found {named(found)}")
    return bounded(_samples(objects(found)), limits)


def _samples(rows: list[dict[str, Any]]) -> Iterator[Sample]:
    points: dict[str, list[tuple[DayStep, dict[str, Any]]]] = defaultdict(list)
    for row in rows:
        device, step = name(row.get("cups")), _step(row)
        if device is None or step is None:
            yield refused(device, Reason.BAD_TIME if device else Reason.UNDECODABLE, _fault(row, device))
        else:
            points[device].append((step, row))
    for device, timed in points.items():
        for interval, (_, row) in zip(intervals([step for step, _ in timed], ZONE), timed, strict=True):
            if interval is None:
                shown = f"{row.get('date')} {row.get('time')}"
                detail = f"{named(shown)} is skipped or shown twice by clocks in {ZONE}, and its day is not whole"
                yield refused(device, Reason.BAD_TIME, detail, field="time")
            else:
                yield from _of_row(row, interval, device)


def _of_row(row: dict[str, Any], interval: GivenInterval, device: str) -> list[Sample]:
    values, samples = numbers(row, _FIELDS, device)
    if values:
        units = dict.fromkeys(values, "kWh")
        method = row.get("obtainMethod", _READ)
        is_estimated = method != "Real" and str(method).lower() != _READ
        samples.append(Sample(interval.end, values, units, interval=interval, device=device, is_estimated=is_estimated))
    return samples


def _step(row: dict[str, Any]) -> DayStep | None:
    return _day_step(str(row.get("date"))[:_LONGEST], str(row.get("time"))[:_LONGEST])


@lru_cache(4096)  # the supply points of a city are asked for the same hours
def _day_step(day: str, time: str) -> DayStep | None:
    """Return what a row says of its day, None where that is no day or no time of one."""
    its_day, label = _DATE.fullmatch(day), _TIME.fullmatch(time)
    if not its_day or not label:
        return None
    try:
        return DayStep(date(*map(int, its_day.groups())), int(label[1]) * HOUR + int(label[2]) * MINUTE)
    except ValueError:  # a day that no calendar has
        return None


def _fault(row: dict[str, Any], device: str | None) -> str:
    if device is None:
        return f"cups is {named(row.get('cups'))}; expected the code of a supply point"
    return f"date is {named(row.get('date'))}, time {named(row.get('time'))}; {_EXPECTED}"


DECODER: Final = Decoder(
    name="datadis",
    title="Datadis: consumption of supply points (Spain)",
    keys=frozenset({"timeCurve", "response", "cups", "date", "time", "obtainMethod"}),
    decode=decode,
    meanings={"consumptionKWh": "electricity_energy"},
    foreign=True,
)
