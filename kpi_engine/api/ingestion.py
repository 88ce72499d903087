"""A message over HTTP, from its sender to the store, and the answer: what became of each of its readings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from fastapi import Request
from pydantic import Field

from ingest.model.time import from_micros
from kpi_engine.api import administration
from kpi_engine.api.errors import ConflictError, NotSetUpError, UnavailableError
from kpi_engine.api.ingest_addresses import NotTakenError, Topic
from kpi_engine.api.representation import Answer
from processors.errors import KeyReusedError, StoreFaultError, StoreUnavailableError
from processors.intake.direct import DirectIntake, PostedMessage, Taken

_log = structlog.get_logger(__name__)

KEPT: Final = "stored durably; what was refused is kept in quarantine, with the message as it came"
NOTHING: Final = "the message holds no reading"


class RefusedReadings(Answer):
    """Readings of a message that were refused for one reason."""

    city: str | None
    device: str | None
    reason: str = Field(description="Stable code, such as implausible.")
    field: str | None = Field(description="What is at fault, by a name of the city file or of the format.")
    detail: str = Field(description="What was wrong, where, and what was expected.")
    readings: int = Field(description="Readings it stands for.")
    faults: int = Field(description="Faults it sums up.")


class Ingested(Answer):
    """What became of a message: of its readings so many are stored, were known, contradict others, or are refused."""

    topic: str | None = Field(
        description="As which topic it was read; `#http/...` of a path; null if it was not taken."
    )
    received_at: datetime = Field(description="Its arrival; of a repeated key that of the first.")
    received: int = Field(description="Readings in it: stored + duplicate + conflict + refused.")
    stored: int
    duplicate: int = Field(description="Known before: nothing changed.")
    conflict: int = Field(description="Other values of readings that are known; both are kept, one is effective.")
    refused: int
    became: str = Field(description="What became of the data, in a sentence.")
    refusals: list[RefusedReadings]


@dataclass(frozen=True)
class Sending:
    """What is sent by whom; ``now`` in microseconds."""

    sender: str
    payload: bytes
    key: str | None
    now: int


def ingest(request: Request, sending: Sending, topic: Topic) -> Ingested:
    """Store a message and answer; raises ApiError where nothing was taken."""
    intake: DirectIntake | None = administration.of(request).intake
    if intake is None:
        raise NotSetUpError("taking readings over HTTP is not set up here; see PHAROS_WRITER_URL. Nothing was taken")
    try:
        return _answer(intake.take(PostedMessage(sending.sender, sending.payload, sending.now, sending.key), topic))
    except NotTakenError as reason:
        return _nothing(sending.now, f"not taken: {reason}")
    except KeyReusedError as error:
        raise ConflictError(f"Idempotency-Key: {error}") from error
    except (StoreUnavailableError, StoreFaultError) as error:
        _log.warning("a message was not taken", cause=str(error))
        raise UnavailableError("readings cannot be stored now; nothing was taken, send it again in a while") from error


def _answer(taken: Taken) -> Ingested:
    receipt = taken.receipt
    return Ingested(
        topic=taken.topic,
        received_at=from_micros(taken.received_at),
        received=receipt.received,
        stored=receipt.stored,
        duplicate=receipt.duplicate,
        conflict=receipt.conflict,
        refused=receipt.received - receipt.stored - receipt.duplicate - receipt.conflict,
        became=KEPT if receipt.received or taken.refusals else NOTHING,
        refusals=[RefusedReadings.model_validate(one) for one in taken.refusals],
    )


def _nothing(now: int, became: str) -> Ingested:
    none = dict.fromkeys(("received", "stored", "duplicate", "conflict", "refused"), 0)
    return Ingested(topic=None, received_at=from_micros(now), **none, became=became, refusals=[])
