"""Times that payloads give without offset, placed by the zone of the device's clock as the city file declares it.

A time that clocks skip is no instant, and one that they show twice is two: neither is guessed.
"""

from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from ingest.decoder import Flaw, Sample
from ingest.model.time import MICROSECOND, from_micros, is_dated, isoformat, to_micros
from ingest.reasons import Reason

_HOW_MANY: Final = {0: "clocks skip it", 2: "clocks show it twice, and nothing says which is meant"}


def placed(sample: Sample, device: str | None, zone: str | None) -> Sample:
    """Return ``sample`` with its time, or with a flaw in place of its readings where nobody can tell it.

    ``device``: its name, for people. ``zone``: of its clock, where its city file declares one.
    """
    if sample.local is None:
        return sample
    shown = isoformat(sample.local).removesuffix("Z")
    meant = instants(sample.local, zone) if zone else ()
    if len(meant) == 1:
        return msgspec.structs.replace(sample, time=meant[0], local=None)
    readings = sum(value is not None for value in sample.values.values()) + len(sample.texts)
    expected = (
        f"expected timezone: of {device} in the city file" if zone is None else f"in {zone} {_HOW_MANY[len(meant)]}"
    )
    flaw = Flaw(Reason.BAD_TIME, f"the time {shown} has no offset; {expected}", readings, "time")
    flaws = (*sample.flaws, flaw) if readings else sample.flaws
    return msgspec.structs.replace(sample, values={}, texts={}, units={}, flaws=flaws, local=None)


@lru_cache(1 << 14)  # devices of a city send at the same times, and answers of services tell of the same hours
def instants(local: int, zone: str) -> tuple[int, ...]:
    """Return which instants a clock of ``zone`` shows as ``local``: none, one or two, in their order."""
    clock = ZoneInfo(zone)
    try:
        shown = from_micros(local).replace(tzinfo=clock)
        one, other = shown.utcoffset(), shown.replace(fold=1).utcoffset()
        if one is not None and one == other:  # no change of clocks is near: neither skipped nor shown twice
            meant = local - one // MICROSECOND
            return (meant,) if is_dated(meant) else ()
        plain = shown.replace(tzinfo=None)
        both = {to_micros(plain.replace(tzinfo=clock, fold=fold)) for fold in (0, 1)}
        return tuple(sorted(one for one in both if from_micros(one).astimezone(clock).replace(tzinfo=None) == plain))
    except OverflowError:  # at the ends of the years 1 to 9999
        return ()
