"""What a decoder is: a pure function from the bytes of one message to samples.

A decoder raises DecodeError when the message as a whole makes no sense or exceeds its limits, and nothing else,
whatever the bytes. What is wrong inside an otherwise good message is a Flaw, so that one bad value never costs the
others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from ingest.limits import PayloadLimits
from ingest.model.given_interval import GivenInterval
from ingest.reasons import Reason

if TYPE_CHECKING:
    from ingest.model.bindings import BoundTopics
    from ingest.model.edge_nodes import EdgeNodes

QUOTED_LENGTH = 60
SERIAL_NUMBER: Final = "[ -~]{1,64}"  # printable ASCII, nothing else
# In the name of a device between a whole and its part, such as a station and its connector. A name that begins with it
# is of a part of whom the topic names, one that ends with it of the only part that is declared.
PART: Final = ":"
BARE: Final = "value"  # the field of a payload that is one value and has no name for it: the topic says what it is


NONE: Final[Mapping[str, str]] = MappingProxyType({})  # units or texts of a sample without any: one for all


class Flaw(NamedTuple):
    """Something refused inside a message; ``readings`` is how many readings it stands for, 0 where it held none.

    ``field``: the quantity or key it is about, as the message spells it. ``faults``: how many faults it sums up.
    """

    reason: Reason
    detail: str
    readings: int = 1
    field: str | None = None
    faults: int = 1


class Frame(NamedTuple):
    """Bytes as a device sent them by radio, on a port of LoRaWAN; a profile of the device says what they mean."""

    port: int
    data: bytes


class Sample(msgspec.Struct, frozen=True, gc=False):
    """What a device reported for one instant, in its own words.

    ``time`` in microseconds within the years 1 to 9999, None where the device gave none. ``values`` by field: finite
    floats, None for "no reading". ``texts`` by field: names of states, where its quantity has any. ``units`` by field,
    where the message or its format fixes them. A field is a quantity in the native payload, elsewhere a name of the
    format's own, with dots for what is nested. ``serial_number``: of the meter that was read, where the device says so.
    ``revision``: when the values were issued (ingest.model.revision), where the message says so. ``interval``: which
    its amounts are for, where the message gives both of its edges. ``device``: whom the payload speaks of, by the
    format's own naming (an EUI, the id of a meter); None where the payload does not say it. ``local``: what the clock
    of the device showed, in microseconds as if it were UTC, where the payload gives a time without offset: ``time`` is
    None then, and the zone of the device says when it was. ``age``: without ``time``, how many microseconds before its
    arrival it was measured, where the message says so. ``frame``: what the device sent by radio, where the message has
    that as it was sent. ``online``: whether the message says that the device is there, or has gone. ``is_estimated``:
    the message says that its values were not read at a meter.
    """

    time: int | None
    values: Mapping[str, float | None]
    units: Mapping[str, str] = NONE
    flaws: tuple[Flaw, ...] = ()
    texts: Mapping[str, str] = NONE
    serial_number: str | None = None
    revision: float | None = None
    interval: GivenInterval | None = None
    device: str | None = None
    local: int | None = None
    age: int = 0
    frame: Frame | None = None
    online: bool | None = None
    is_estimated: bool = False


@dataclass(frozen=True)
class Decoder:
    """A payload format by name; a module of ``ingest.decoders`` exports one as ``DECODER``.

    ``keys``: what the format itself calls its parts. ``meanings``: the quantity of each field whose meaning the format
    fixes; it measures what no series of a city file takes by another ``field``. ``units``: likewise the unit of each
    field whose unit the format fixes and whose name only the topic tells; of the others the sample says it.
    ``foreign``: its devices were not made for Pharos, so what nobody declared (a battery, a signal strength) is left
    out, where the native payload has a flaw.
    ``spelling`` returns the name of a device as its samples spell it. ``topics``: templates of those on which its
    devices speak where nobody set them up otherwise.
    ``converse`` decodes in the place of ``decode`` where a topic is known: of a format whose messages rest on what the
    same sender said before.
    ``decrypt`` decodes in the place of ``decode`` where a binding names keys: it is given what returns them by device.
    ``tried``: what stands for further placeholders of a topic where a message is tried.
    ``fault`` returns the key of a binding that cannot be one of this format, and what is expected there.
    """

    name: str
    title: str
    keys: frozenset[str]
    decode: Callable[[bytes, PayloadLimits], list[Sample]]
    meanings: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    foreign: bool = False
    spelling: Callable[[str], str] = str
    topics: tuple[str, ...] = ()
    converse: Callable[[str, "EdgeNodes", bytes, PayloadLimits], list[Sample]] | None = None
    decrypt: Callable[[Callable[[], Mapping[str, bytes]], bytes, PayloadLimits], list[Sample]] | None = None
    tried: Mapping[str, str] = field(default_factory=dict)
    fault: Callable[["BoundTopics"], tuple[str, str] | None] | None = None


def quoted(value: object) -> str:
    """Return ``value`` fit for a sentence: printable whatever it holds, and short; bytes as text, None as nothing."""
    if value is None:
        return "nothing"
    if isinstance(value, (bytes, str)):
        value = value[: QUOTED_LENGTH + 1]  # of a long one no more is looked at
    text = ascii(value.decode(errors="backslashreplace") if isinstance(value, bytes) else value)
    return text if len(text) <= QUOTED_LENGTH else f"{text[:QUOTED_LENGTH]}..."
