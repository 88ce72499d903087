"""Refused messages through the same steps once more, after what was wrong was mended: as of when they first came.

What they say is stored, figures that rest on it are computed again, and the ledger is right before, meanwhile and
after. What would be refused again, for the same reasons, stays as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Final

from ingest.limits import PayloadLimits
from ingest.meter_keys import KeysOf, none
from ingest.model.catalogue import Catalogue
from ingest.pseudonyms import Pseudonyms
from ingest.topics import is_status
from processors.intake.stream import Stream
from processors.isolation import is_foreseen
from processors.storage.database import Connection, connect
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.quarantine import Filter, reasons_of
from processors.storage.readings.quarantine_quota import Quota
from processors.storage.readings.retaking import Settlement, Waiting, newest, waiting
from processors.storage.readings.sink import Sink
from processors.storage.registry import registry

MESSAGES_AT_ONCE: Final = 500

NOTHING: Final = Receipt()

StreamOf = Callable[[str], Stream]
"""Returns the stream of a source, such as ``mqtt``."""


@dataclass(frozen=True)
class Retaken:
    """What became of refused messages: how many were taken, how many left ``unchanged``, and their readings."""

    messages: int = 0
    unchanged: int = 0
    readings: Receipt = NOTHING

    def __add__(self, other: "Retaken") -> "Retaken":
        return Retaken(self.messages + other.messages, self.unchanged + other.unchanged, self.readings + other.readings)


@contextmanager
def streams(  # noqa: PLR0913, PLR0917 - where to, within what, and with which secrets
    url: str,
    application: str,
    quota: Quota,
    pseudonyms: Callable[[], Pseudonyms],
    limits: PayloadLimits,
    keys: KeysOf = none,
) -> Iterator[StreamOf]:
    """Yield what returns the stream of a source, each on a connection of its own, by what is registered now."""
    found: dict[str, Stream] = {}
    with ExitStack() as connections:
        catalogue = _registered(url, application)

        def stream_of(source: str) -> Stream:
            if source not in found:
                connection = connections.enter_context(closing(connect(url, application)))
                sink = Sink(connection, catalogue, source, quota, pseudonyms)
                found[source] = Stream(sink, catalogue, limits=limits, keys=keys)
            return found[source]

        yield stream_of


def _registered(url: str, application: str) -> Catalogue:
    with closing(connect(url, application)) as connection:
        return registry.load(connection)


def retake(
    connection: Connection, wanted: Filter, stream_of: StreamOf, through: int | None = None
) -> Iterator[Retaken]:
    """Take the messages of ``wanted`` once more, in the order in which they were refused; yields after each portion.

    ``connection`` is of this alone, and not that of the streams. Of what was refused up to the number ``through``; what
    is refused meanwhile is not taken. Each message leaves quarantine in the transaction that stores what it says, so a
    kill at any instant costs nothing and repeats nothing.
    """
    last = newest(connection) if through is None else through
    reached: int | None = 0
    while reached is not None:
        found, reached = waiting(connection, wanted, after=reached, through=last, limit=MESSAGES_AT_ONCE)
        connection.commit()
        for source, portion in _by_source(found).items():
            yield _retaken(portion, stream_of(source))


def _retaken(portion: Sequence[Waiting], stream: Stream) -> Retaken:
    changed = [one for one in portion if not _is_unchanged(one, stream)]
    settlement = Settlement.of(changed)
    copies = [copy for one in changed for copy in one.copies]
    readings = stream.retake(copies, settlement) if copies else NOTHING
    return Retaken(len(changed), len(portion) - len(changed), readings)


def _is_unchanged(one: Waiting, stream: Stream) -> bool:
    """Whether a message would be refused again for the reasons for which it is here, and nothing else."""
    if is_status(one.message.topic):
        return False
    try:
        found = stream.examined([one.message])
    except Exception as error:  # a fault of ours on their data: whoever stores it finds the one message, and says so
        if is_foreseen(error):
            raise
        return False
    return not len(found.batch) and reasons_of(found.refusals) == list(one.refusals)


def _by_source(found: Sequence[Waiting]) -> dict[str, list[Waiting]]:
    by_source: dict[str, list[Waiting]] = defaultdict(list)
    for one in found:
        by_source[one.source].append(one)
    return by_source
