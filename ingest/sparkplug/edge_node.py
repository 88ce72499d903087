"""What a message of an edge node says after those before it, and what is known of the edge node from then on.

Births are what data rest on: a metric is named once, with its datatype, and has a number for a name from then on. They
hold until the next birth, or the death of the connection that they were published on.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from ingest.decoder import Flaw, Sample, quoted
from ingest.limits import PayloadLimits
from ingest.model.sparkplug import UNBORN, Birth, EdgeNode
from ingest.model.time import is_dated
from ingest.payloads.fields import Fields
from ingest.payloads.instants import MILLISECOND, bad_time
from ingest.reasons import Reason
from ingest.sparkplug import payload as payloads
from ingest.sparkplug import values
from ingest.sparkplug.payload import BD_SEQ, Payload, SparkplugMetric
from ingest.sparkplug.topics import Heading, MessageType

NUMBERS: Final = 256  # of a sequence: after 255 comes 0
_OF_THE_FORMAT: Final = "Node Control/"  # metrics of an edge node that are no readings


class Interpreted(NamedTuple):
    """What a message said, what is known of its edge node from now on, and whether its births have to be asked for."""

    samples: list[Sample]
    node: EdgeNode
    wants_rebirth: bool = False


def interpreted(heading: Heading, payload: bytes, node: EdgeNode, limits: PayloadLimits) -> Interpreted:
    """Return what a message says of whom its topic names, after all that was said before; pure.

    Raises DecodeError where the payload is none of Sparkplug B.
    """
    if heading.kind.is_command:
        return Interpreted([_nothing()], node)
    parsed = payloads.read(payload, limits)
    if heading.kind is MessageType.NDEATH:
        return _node_death(heading, parsed, node)
    gap = () if heading.kind is MessageType.NBIRTH else _gap(heading, parsed, node)
    if heading.kind is MessageType.NBIRTH:
        node = EdgeNode(parsed.seq, parsed.bd_seq(), {"": _birth(parsed)})
    elif heading.kind is MessageType.DBIRTH:
        node = EdgeNode(parsed.seq, node.bd_seq, {**node.births, heading.device: _birth(parsed)})
    elif heading.kind is MessageType.DDEATH:
        births = {device: birth for device, birth in node.births.items() if device != heading.device}
        node = EdgeNode(parsed.seq, node.bd_seq, births)
        return Interpreted([Sample(None, {}, {}, gap, device=heading.device, online=False)], node, bool(gap))
    else:
        node = EdgeNode(parsed.seq, node.bd_seq, node.births)
    birth = node.births.get(heading.device, UNBORN)
    if is_late := bool(gap) and _is_of_before(parsed, birth):
        birth = Birth(birth.datatypes)
    samples, flaws, unnamed = readings(parsed, birth)
    every_flaw = (*gap, *(_unnamed(heading, unnamed, is_late=is_late) if unnamed else ()), *flaws)
    online = True if heading.kind in {MessageType.NBIRTH, MessageType.DBIRTH} else None
    about = [Sample(None, {}, {}, every_flaw, online=online)] if every_flaw or online else []
    found = [msgspec.structs.replace(each, device=heading.speaker) for each in (*about, *samples)]
    return Interpreted(found or [_nothing()], node, bool(gap or unnamed) or "" not in node.births)


def readings(payload: Payload, birth: Birth) -> tuple[list[Sample], list[Flaw], list[SparkplugMetric]]:
    """Return what metrics say, a sample for each of their times; what is wrong; and what only their birth can name."""
    samples: dict[int | None, list[Fields]] = {}
    flaws: list[Flaw] = []
    unnamed: list[SparkplugMetric] = []
    for metric in payload.metrics:
        name = metric.name or birth.names.get(-1 if metric.alias is None else metric.alias)
        datatype = metric.datatype or birth.datatypes.get(name or "", 0) or values.datatype_of(metric)
        if not name or not datatype:
            unnamed.append(metric)
            continue
        if name == BD_SEQ or name.startswith(_OF_THE_FORMAT):
            continue
        millis = payload.timestamp if metric.timestamp is None else metric.timestamp
        value = values.value_of(metric, name, datatype)
        if millis is not None and not is_dated(millis * MILLISECOND):
            flaws.append(bad_time(name, millis, "milliseconds since 1970"))
        elif isinstance(value, Flaw):
            flaws.append(value)
        else:
            _put(samples.setdefault(millis, []), name, value)
    return [_sample(millis, each) for millis, same in samples.items() for each in same], flaws, unnamed


def _put(same: list[Fields], name: str, value: float | str | None) -> None:
    """Add a value to those of its time; one that is given a second time for it is of a sample of its own."""
    if not same or name in same[-1].values or name in same[-1].texts:
        same.append(Fields({}, {}))
    if isinstance(value, str):
        same[-1].texts[name] = value
    else:
        same[-1].values[name] = value


def _sample(millis: int | None, held: Fields) -> Sample:
    return Sample(None if millis is None else millis * MILLISECOND, held.values, texts=held.texts)


def _birth(payload: Payload) -> Birth:
    named = [metric for metric in payload.metrics if metric.name]
    return Birth(
        {metric.name or "": metric.datatype for metric in named},
        {metric.alias: metric.name or "" for metric in named if metric.alias is not None},
        payload.timestamp,
    )


def _is_of_before(payload: Payload, birth: Birth) -> bool:
    """Whether a message was sent before a birth that came before it: its aliases may be those of another birth."""
    return birth.since is not None and payload.timestamp is not None and payload.timestamp < birth.since


def _node_death(heading: Heading, payload: Payload, node: EdgeNode) -> Interpreted:
    """Take what a connection said as ended; one that ended before the present one was born says nothing more."""
    connection = payload.bd_seq()
    if None not in {connection, node.bd_seq} and connection != node.bd_seq:
        return Interpreted([_nothing()], node)
    gone = [heading.speaker, *(device for device in node.births if device)]
    return Interpreted([Sample(None, {}, device=device, online=False) for device in gone], EdgeNode(None, node.bd_seq))


def _gap(heading: Heading, payload: Payload, node: EdgeNode) -> tuple[Flaw, ...]:
    """Return what is missing before a message; nothing of one that came twice, and where no number is known."""
    if node.seq is None or payload.seq in {None, node.seq, (node.seq + 1) % NUMBERS}:
        return ()
    expected = (node.seq + 1) % NUMBERS
    detail = (
        f"messages of the edge node {quoted(heading.node)} are missing: expected number {expected} of its sequence, "
        f"not {payload.seq}; it is asked for its births"
    )
    return (Flaw(Reason.SEQUENCE_GAP, detail, 0, "seq"),)


def _unnamed(heading: Heading, metrics: Sequence[SparkplugMetric], *, is_late: bool) -> tuple[Flaw]:
    first = metrics[0]
    called = quoted(first.name) if first.name else f"alias {first.alias}"
    why = f"no birth of {quoted(heading.speaker)} has said what the metric of {called} is"
    if is_late and not first.name:
        why = (
            f"the message was sent before the last birth of {quoted(heading.speaker)}, which may call another metric so"
        )
        why = f"{called} is of no known metric: {why}"
    detail = f"{why}; the edge node {quoted(heading.node)} is asked for its births"
    return (Flaw(Reason.NO_BIRTH, detail, len(metrics), "metrics", len(metrics)),)


def _nothing() -> Sample:
    return Sample(None, {})
