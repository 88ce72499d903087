"""What services answer with when they are asked for readings: lists of objects, whose samples are counted."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ingest.decoder import Flaw, Sample
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import PayloadLimits
from ingest.payloads.document import named, record
from ingest.payloads.fields import finite
from ingest.reasons import Reason

_LONGEST_NAME: Final = 255
NOTHING: Final = Sample(None, {})  # an answer that says that there is nothing yet: no reading, and nothing to tell


def bounded(samples: Iterable[Sample], limits: PayloadLimits) -> list[Sample]:
    """Return the samples of an answer, which may be none; raises OverLimitError where they are too many."""
    taken: list[Sample] = []
    for sample in samples:
        taken.append(sample)
        if len(taken) > limits.samples:
            raise OverLimitError("points or more", len(taken), limits.samples, len(taken))
    return taken or [NOTHING]


def answered(payload: bytes, key: str) -> list[dict[str, Any]]:
    """Return the objects of an answer's array called ``key``; raises DecodeError where there is no such array."""
    found = record(payload).get(key)
    if not isinstance(found, list):
        raise DecodeError(f"expected an answer with an array called {key}, found {named(found)}")
    return objects(found)


def objects(found: object) -> list[dict[str, Any]]:
    """Return the objects of an array; none where there is no array."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def name(found: object) -> str | None:
    """Return what can be a device's name, None for anything else."""
    return found if isinstance(found, str) and 0 < len(found) <= _LONGEST_NAME else None


def refused(device: str | None, reason: Reason, detail: str, readings: int = 1, field: str | None = None) -> Sample:
    """Return what tells of readings of a device that they are refused."""
    return Sample(None, {}, flaws=(Flaw(reason, detail, readings, field),), device=device)


def number(found: object) -> float | None:
    """Return a JSON number as a float; None for what is none, or more than a float holds."""
    return finite(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def numbers(
    row: Mapping[str, object], fields: Iterable[str], device: str | None
) -> tuple[dict[str, float], list[Sample]]:
    """Return the numbers of the ``fields`` of a row, null being none, and what tells of those that are no number."""
    values: dict[str, float] = {}
    flawed: list[Sample] = []
    for field in fields:
        found = row.get(field)
        if found is None:
            continue
        if (value := number(found)) is not None:
            values[field] = value
        else:
            detail = f"{field} is {named(found)}; expected a number"
            flawed.append(refused(device, Reason.NOT_A_NUMBER, detail, field=field))
    return values, flawed
