"""The rules a device is held to, each with what was expected and what was found; pure."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from deploy.conformance.evidence import Evidence, Readings, Refused
from ingest.feedback import ABOUT_NOW
from ingest.model.catalogue import Series
from ingest.model.freshness import GRACE, live_bound
from ingest.model.observation import IntColumn
from ingest.model.reading import Quality, ReadingKind
from ingest.model.registers import Decrease, Scope
from ingest.model.time import HOUR, MINUTE, SECOND, isoformat, to_micros
from ingest.reasons import Reason

CLOCK: Final = MINUTE  # by how much a clock may be ahead before it is told
OFTEN: Final = 0.5  # of the declared interval: a device that reports more often than that is declared wrongly
REDELIVERED: Final = 0.01  # of all readings, which a broker may deliver again
SHOWN: Final = 3  # places that are named


class Verdict(StrEnum):
    """How a device did by a rule."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"  # nothing stored tells


class Finding(NamedTuple):
    """A rule, the verdict, what was expected, and what was found."""

    rule: str
    verdict: Verdict
    expected: str
    found: str


# The reasons of refusal by the rule that they break; all others break the rule of payloads.
_REASONS: Final[Mapping[Reason, str]] = {
    Reason.UNIT_MISMATCH: "units",
    Reason.UNKNOWN_QUANTITY: "quantities",
    Reason.UNKNOWN_STATE: "quantities",
    Reason.DUPLICATE_KEY: "quantities",
    Reason.IMPLAUSIBLE: "plausible values",
    Reason.BAD_QUALITY: "plausible values",
    Reason.BAD_TIME: "time stamps",
    Reason.CLOCK_TOO_EARLY: "time stamps",
    Reason.CLOCK_TOO_LATE: "time stamps",
    Reason.UNTIMED_INTERVAL: "time stamps",
    Reason.BAD_INTERVAL: "time stamps",
    Reason.RETAINED: "retained messages",
    Reason.NO_BIRTH: "births",
    Reason.SEQUENCE_GAP: "births",
}
_PAYLOADS: Final = "payloads"
_EXPECTED: Final = {
    _PAYLOADS: "messages that their decoder understands, of a device and topic that are declared",
    "units": "the unit that the city file declares, or one that measures the same",
    "quantities": "quantities, and names of states, that the city file declares, each once",
    "plausible values": "values that are physically possible",
    "time stamps": "a time with offset for each reading, not ahead of its arrival",
    "retained messages": "telemetry without RETAIN, or with a time",
    "births": "births before data, and messages without gaps in their numbers",
}


def findings(evidence: Evidence) -> list[Finding]:
    """Return what became of every rule, in the order of the page."""
    return [finding for rule in _RULES for finding in rule(evidence)]


def _messages(evidence: Evidence) -> Iterator[Finding]:
    stored = sum(len(each.time) for each in evidence.readings.values())
    refused = sum(each.readings for each in evidence.refused)
    verdict = Verdict.RIGHT if stored else Verdict.WRONG
    yield Finding("readings", verdict, "readings in this time", f"{stored} stored, {refused} refused")
    silent = [name for name, each in _reported(evidence) if not len(each.time)]
    named = f"nothing of {', '.join(silent)}" if silent else "all of them"
    verdict = Verdict.WRONG if silent else Verdict.RIGHT
    yield Finding("declared series", verdict, "a reading of each series that is declared", named)


def _refusals(evidence: Evidence) -> Iterator[Finding]:
    broken: dict[str, list[Refused]] = {}
    for each in evidence.refused:
        broken.setdefault(_REASONS.get(Reason(each.reason), _PAYLOADS), []).append(each)
    for rule, expected in _EXPECTED.items():
        refusals = "; ".join(map(_refusal, broken.get(rule, ())))
        yield Finding(rule, Verdict.WRONG if refusals else Verdict.RIGHT, expected, refusals or "nothing was refused")


def _refusal(refused: Refused) -> str:
    place = f" at {refused.field}" if refused.field else ""
    detail = f": {refused.detail}" if refused.detail else ""
    return f"{refused.occurrences} times {refused.reason}{place}{detail} (quarantine {refused.quarantine_id})"


def _interval(evidence: Evidence) -> Iterator[Finding]:
    times = np.unique(np.concatenate([_NONE, *(each.time for each in evidence.readings.values())]))
    declared = evidence.device.expected_interval
    expected = f"a reading every {_seconds(declared)}"
    if len(times) < 2:
        yield Finding("interval", Verdict.UNKNOWN, expected, "too few readings to tell")
        return
    pauses = np.diff(times)
    usual, longest = int(np.median(pauses)), int(pauses.argmax())
    found = f"usually every {_seconds(usual)}"
    is_so = OFTEN * declared <= usual <= live_bound(declared)
    yield Finding("interval", Verdict.RIGHT if is_so else Verdict.WRONG, expected, found)
    gaps = int((pauses > live_bound(declared)).sum())
    where = f"the longest is {_seconds(int(pauses[longest]))}, from {isoformat(int(times[longest]))}"
    yield Finding(
        "gaps",
        Verdict.WRONG if gaps else Verdict.RIGHT,
        f"no pause of more than {_seconds(live_bound(declared))}",
        f"{gaps} of them; {where}",
    )


def _clock(evidence: Evidence) -> Iterator[Finding]:
    everything = list(evidence.readings.values())
    untimed = sum(int((each.quality == Quality.ARRIVAL_TIME).sum()) for each in everything)
    count = sum(len(each.time) for each in everything)
    verdict = Verdict.UNKNOWN if not count else Verdict.WRONG if untimed else Verdict.RIGHT
    yield Finding("own time", verdict, "a time of the device's own in every message", f"{untimed} of {count} without")
    ahead = np.concatenate([_NONE, *(each.time - each.received_at for each in map(_timed, everything))])
    telling = ahead[ahead >= -int(ABOUT_NOW * SECOND)]
    expected = f"a clock that is not more than {_seconds(CLOCK)} ahead, and readings that arrive within their interval"
    if not len(telling):
        yield Finding("clock", Verdict.UNKNOWN, expected, "no reading with a time that arrived within an hour of it")
        return
    nearest = int(telling[np.abs(telling).argmin()])
    is_so = -(evidence.device.expected_interval + GRACE) <= nearest <= CLOCK and ahead.max() <= CLOCK
    found = f"nearest to its arrival {_seconds(nearest)}, at most {_seconds(int(ahead.max()))} ahead"
    late = int((ahead < -ABOUT_NOW * SECOND).sum())
    found += f"; {late} readings came more than an hour late" if late else ""
    yield Finding("clock", Verdict.RIGHT if is_so else Verdict.WRONG, expected, found)


def _once(evidence: Evidence) -> Iterator[Finding]:
    found = f"{evidence.conflicts} readings with another value for the same time"
    verdict = Verdict.WRONG if evidence.conflicts else Verdict.RIGHT
    yield Finding("one value for a time", verdict, "corrected values with a revision, and no others twice", found)
    count = sum(len(each.time) for each in evidence.readings.values())
    verdict = Verdict.WRONG if evidence.repeated > REDELIVERED * count else Verdict.RIGHT
    found = f"{evidence.repeated} readings came again with the value that they had; nothing of them is stored twice"
    yield Finding("sent once", verdict, "each reading once, but for what a network delivers again", found)


def _registers(evidence: Evidence) -> Iterator[Finding]:
    for quantity, readings in _reported(evidence):
        series = evidence.device.series[quantity]
        if series.kind is ReadingKind.REGISTER and len(readings.time):
            yield _register(series, readings)


def _register(series: Series, readings: Readings) -> Finding:
    contract = series.contract
    values = readings.value if readings.before is None else np.concatenate([[readings.before], readings.value])
    steps, times = np.diff(values), readings.time[len(readings.time) - len(values) + 1 :]
    may_fall = contract.scope is not Scope.LIFETIME or contract.decrease is not Decrease.DECIDE
    swapped = [to_micros(one.at) for one in series.swaps]
    is_new = np.isin(np.arange(len(times)), np.searchsorted(times, swapped))  # the first reading of another meter
    falls = np.flatnonzero((steps < -contract.jitter) & ~is_new & (not may_fall) & (contract.modulus is None))
    falling = [f"falls by {-steps[one]:g} {series.unit} at {isoformat(int(times[one]))}" for one in falls[:SHOWN]]
    expected = "a counter that never falls" if not may_fall else "a counter"
    if contract.max_increase_per_hour is not None:
        expected += f" and rises by at most {contract.max_increase_per_hour:g} {series.unit} in an hour"
        hours = np.diff(readings.time) / HOUR
        rises = np.diff(readings.value)
        jumps = np.flatnonzero(rises > contract.max_increase_per_hour * np.maximum(hours, 1e-9))
        falling += [
            f"jumps by {rises[one]:g} {series.unit} to {isoformat(int(readings.time[one + 1]))}"
            for one in jumps[:SHOWN]
        ]
    verdict = Verdict.WRONG if falling else Verdict.RIGHT
    return Finding(f"register {series.quantity}", verdict, expected, "; ".join(falling) or "it does")


def _status(evidence: Evidence) -> Iterator[Finding]:
    if evidence.online is None or evidence.online_since is None:
        nothing = "it says nothing of itself"
        yield Finding("status", Verdict.UNKNOWN, "online, and offline as last will", nothing)
        return
    state = "online" if evidence.online else "offline"
    verdict = Verdict.RIGHT if evidence.online else Verdict.WRONG
    yield Finding("status", verdict, "online", f"{state} since {evidence.online_since.isoformat(timespec='seconds')}")


def _reported(evidence: Evidence) -> Iterator[tuple[str, Readings]]:
    """Yield the readings of each series that are sent, and not made of sessions."""
    for quantity, readings in evidence.readings.items():
        if evidence.device.reported(quantity):
            yield quantity, readings


def _timed(readings: Readings) -> Readings:
    own = readings.quality == Quality.MEASURED
    return readings._replace(time=readings.time[own], received_at=readings.received_at[own])


def _seconds(micros: int) -> str:
    return f"{micros / SECOND:,.6g} s"


_NONE: Final[IntColumn] = np.empty(0, np.int64)
_RULES: Final[tuple[Callable[[Evidence], Iterator[Finding]], ...]] = (
    *(_messages, _refusals, _interval, _clock, _once),
    *(_registers, _status),
)
