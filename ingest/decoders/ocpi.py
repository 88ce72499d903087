"""OCPI 2.2.1: CDRs and sessions of charging, as a platform pushes them or answers with them.

Objects of the modules CDRs and Sessions, alone, in arrays or in the envelope of an answer (``data``); recalled. Each is
told as what a meter of sessions would have read: just before it began none was running and nothing was delivered, from
its begin on one is running, just before its end all is delivered, and from then on none is running; between, what its
charging periods or an update show. So what is assembled is the session, with its begin, its end and its energy, and an
update changes nothing twice. A credit CDR takes back the one that it repeats: at the same times none was running and
nothing was delivered, as of a later revision.

A device is an EVSE by its ``evse_uid``. ``session`` is a field of our own: 1 while one is running, 0 while none is.
Times without offset are UTC, as OCPI says.
"""

from collections.abc import Iterator
from itertools import accumulate, pairwise
from math import fsum
from typing import Any, Final

from ingest.decoder import Decoder, Flaw, Sample
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.model.revision import of_micros
from ingest.model.time import EARLIEST
from ingest.payloads import local
from ingest.payloads.document import document, named
from ingest.payloads.fields import finite
from ingest.reasons import Reason

SESSION: Final = "session"
_CDR, _SESSION = "total_energy", "kwh"  # the energy of each, in kWh, and what tells one from the other
_JUST_BEFORE: Final = 1  # microsecond
_BEFORE_THE_NEXT: Final = 2  # microseconds: what is delivered is before the register starts anew, if that is at once
_RUNNING: Final = ("ACTIVE", "COMPLETED")  # of the others nothing was or will be delivered
_EXPECTED: Final = "expected RFC 3339 in UTC, such as 2026-11-21T23:00:00Z"
_LONGEST_ID: Final = 255
_ROUNDED: Final = 0.005  # kWh that the energy of a period may be rounded by


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of CDRs and sessions; raises DecodeError where there is none, OverLimitError for too many."""
    found = document(payload)
    if isinstance(found, dict) and isinstance(found.get("data"), (dict, list)):
        found = found["data"]
    objects = found if isinstance(found, list) else [found]
    if len(objects) > limits.samples:
        raise OverLimitError("CDRs and sessions", len(objects), limits.samples, len(objects))
    if len(objects) == 1 and not _key(objects[0]):
        raise DecodeError(f"expected a CDR with {_CDR} or a session with {_SESSION}, found {named(objects[0])}")
    every: list[Sample] = []
    for one in objects:
        every += _samples(one)
        if len(every) > limits.samples:
            raise OverLimitError("samples or more", len(every), limits.samples, len(objects))
    return every or [Sample(None, {}, flaws=(Flaw(Reason.EMPTY, "expected CDRs or sessions, found none", 0),))]


def _samples(found: object) -> list[Sample]:
    key, given = _key(found), found if isinstance(found, dict) else {}
    device = evse_of(given)
    if not key or device is None:
        return [_refused(None, f"expected a CDR or a session with an evse_uid, found {named(found)}")]
    if given.get("credit") is True and given.get("last_updated") is None:
        return [_refused(device, "expected last_updated of a credit CDR: it takes back what was said before")]
    if key == _SESSION and given.get("status") not in _RUNNING:
        return [Sample(None, {}, device=device)]
    try:
        return list(_told(device, key, given))
    except ValueError as error:
        return [Sample(None, {}, flaws=(Flaw(Reason.BAD_TIME, str(error)),), device=device)]


def _told(device: str, key: str, given: dict[str, Any]) -> Iterator[Sample]:
    """Yield what would have been read; raises ValueError in words for what is no time."""
    begin = _instant(given, "start_date_time")
    has_ended = key == _CDR or given.get("status") == "COMPLETED"
    end = _instant(given, "end_date_time") if has_ended else None
    revision = of_micros(_instant(given, "last_updated")) if given.get("last_updated") is not None else None
    is_credit = given.get("credit") is True

    def sample(time: int, **values: float | None) -> Sample:
        units = {key: "kWh"} if key in values else {}
        values = dict.fromkeys(values, 0.0) if is_credit else values
        return Sample(time, values, units, device=device, revision=revision)

    energy = given.get(key)
    delivered = finite(energy) if isinstance(energy, (int, float)) and not isinstance(energy, bool) else None
    yield sample(max(begin - _JUST_BEFORE, EARLIEST), **{SESSION: 0.0, key: 0.0})
    yield sample(begin, **{SESSION: 1.0})
    for time, so_far in _periods(given.get("charging_periods"), delivered):
        if begin < time and (end is None or time < end):
            yield sample(time, **{key: so_far})
    last = None if end is None else max(end - _BEFORE_THE_NEXT, begin)
    if end is None and revision is not None:
        last = _instant(given, "last_updated")
    if last is not None and last >= begin and delivered is not None:
        yield sample(last, **{key: delivered})
    if end is not None:
        yield sample(end, **{SESSION: 0.0})
    if delivered is None and energy is not None:
        detail = f"{key} is {named(energy)}; expected a number of kWh"
        yield Sample(None, {}, flaws=(Flaw(Reason.NOT_A_NUMBER, detail, field=key),), device=device)


def _periods(given: object, delivered: float | None) -> Iterator[tuple[int, float]]:
    """Yield when charging periods after the first begin, and what was delivered until then.

    Only where their energies are all of what was ``delivered``: then one without any, such as of parking, has none.
    Else nobody knows which of both is right, and a register that rises beyond its end would count twice.
    """
    periods = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    volumes = [_volume(one.get("dimensions")) for one in periods]
    known = [volume or 0.0 for volume in volumes]
    if delivered is None or abs(fsum(known) - delivered) > _ROUNDED * max(len(known), 1):
        return
    begins = [_instant(one, "start_date_time") for one in periods]
    if all(one < other for one, other in pairwise(begins)):
        yield from zip(begins[1:], (min(one, delivered) for one in accumulate(known)), strict=False)


def _volume(dimensions: object) -> float | None:
    for one in dimensions if isinstance(dimensions, list) else ():
        if isinstance(one, dict) and one.get("type") == "ENERGY" and type(one.get("volume")) in {int, float}:
            return finite(one["volume"])
    return None


def _instant(given: dict[str, Any], key: str) -> int:
    text = given.get(key)
    try:
        return local.as_utc(text)
    except ValueError:
        raise ValueError(f"{key} is {named(text)}; {_EXPECTED}") from None


def _key(found: object) -> str:
    """Return what the energy of an object is called; empty for what is neither a CDR nor a session."""
    if not isinstance(found, dict) or "start_date_time" not in found:
        return ""
    return next((key for key in (_CDR, _SESSION) if key in found), "")


def evse_of(given: dict[str, Any]) -> str | None:
    """Return the EVSE of a CDR or a session; None where it names none."""
    place = given.get("cdr_location")
    uid = (place if isinstance(place, dict) else given).get("evse_uid")
    return uid if isinstance(uid, str) and 0 < len(uid) <= _LONGEST_ID else None


def _refused(device: str | None, detail: str) -> Sample:
    return Sample(None, {}, flaws=(Flaw(Reason.UNDECODABLE, detail),), device=device)


DECODER: Final = Decoder(
    name="ocpi",
    title="OCPI 2.2.1 CDRs and sessions",
    keys=frozenset({"data", "evse_uid", "start_date_time", "end_date_time", "last_updated", "charging_periods"}),
    decode=decode,
    meanings={_CDR: "electricity_energy", _SESSION: "electricity_energy", SESSION: "plugged_in"},
    foreign=True,
    topics=("ocpi/{module}",),
)
