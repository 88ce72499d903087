"""A message can cost only itself: what fails in a way nobody foresaw is halved until the one message is found.

Errors that are told to a person, or that are the store's and not the message's, are none of that kind and go through.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeVar

import structlog

from ingest.decoder import quoted
from ingest.errors import IngestError
from ingest.model.observation import RawMessage
from processors.errors import DataRefusedError, ProcessorsError

Part = TypeVar("Part")
Result = TypeVar("Result")

log = structlog.get_logger(__name__)


def isolated(
    whole: Sequence[Part],
    take: Callable[[Sequence[Part]], Result],
    refuse: Callable[[Part, Exception], Result],
) -> list[Result]:
    """Return what ``take`` makes of ``whole``, or of its parts where it fails; ``refuse`` answers for one that fails.

    One that fails is tried once more: what failed may have been a race, and not the message.
    """
    try:
        return [take(whole)]
    except Exception as error:  # a fault of ours on data of theirs: only the message that it fails on may pay
        if is_foreseen(error) or not whole:
            raise
        if len(whole) > 1:
            middle = len(whole) // 2
            return [*isolated(whole[:middle], take, refuse), *isolated(whole[middle:], take, refuse)]
    try:
        return [take(whole)]
    except Exception as error:  # this one is refused, with the traceback in the log
        if is_foreseen(error):
            raise
        return [refuse(whole[0], error)]


def is_foreseen(error: Exception) -> bool:
    """Whether somebody above knows what to do about an error, so that no message is to be blamed for it."""
    return isinstance(error, (IngestError, ProcessorsError)) and not isinstance(error, DataRefusedError)


def described(error: Exception, what: str = "message") -> str:
    """Return what became of the data, without a word of theirs."""
    return (
        f"Pharos failed on this {what} ({type(error).__name__}), which is its own fault; nothing of the {what} is "
        "stored, it is kept here as it came, and the log says where it failed"
    )


def record(error: Exception, message: RawMessage) -> None:
    """Put the traceback in the log."""
    log.error("internal error", topic=quoted(message.topic), bytes=len(message.payload), exc_info=error)


def digested(message: RawMessage) -> RawMessage:
    """Return a message that can be kept whatever ``message`` holds: the digests of its topic and payload."""
    topic = sha256(message.topic.encode("utf-8", "surrogatepass")).hexdigest()
    payload = f"sha256 {sha256(message.payload).hexdigest()} of {len(message.payload)} bytes"
    return RawMessage(f"(topic withheld, sha256 {topic})", payload.encode(), message.received_at)
