"""Readings over HTTP: native messages, those of bound topics, and what webhooks send to the paths of bindings."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Path, Query, Request

from kpi_engine.api import ingest_addresses
from kpi_engine.api.clock import Now
from kpi_engine.api.ingestion import Ingested, Sending, ingest
from kpi_engine.api.problems import COMPRESSED, CONFLICT, NOT_SET_UP
from kpi_engine.api.query_messages import message, query
from kpi_engine.api.raw_body import RawBody
from kpi_engine.api.senders import AnySender
from kpi_engine.api.turns import INTAKE

SENT: Final = CONFLICT | COMPRESSED | NOT_SET_UP

router = APIRouter(prefix="/ingest", tags=["ingest"], responses=SENT)

BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {}}, "application/octet-stream": {"schema": {"type": "string"}}},
        "description": "One message, byte by byte as a broker would have it; at most 1 MiB, not compressed.",
    }
}
ANY_QUERY: Final = {"x-any-query": True}

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="A name for this message of the sender's own; a repetition within 24 hours changes nothing.",
    ),
]


@dataclass(frozen=True)
class Addressed:
    """Whom a message is of; a device that sends its own readings says nothing."""

    city: str | None = None
    device: Annotated[str | None, Query(description="The native id of the device.")] = None
    topic: Annotated[str | None, Query(description="Or the topic on which a broker would have had it.")] = None


@router.post("", status_code=202, dependencies=[INTAKE], openapi_extra=BODY, summary="Send a message")
def send_message(  # noqa: PLR0913, PLR0917 - in the order in which they are found: who, whom, what
    request: Request,
    sender: AnySender,
    addressed: Annotated[Addressed, Depends()],
    body: RawBody,
    now: Now,
    key: Key = None,
) -> Ingested:
    """Store one message; on 202 it is durable, and the answer says what became of each of its readings.

    Send it again after any other answer, and after none: readings with a time, or with a key, are known again.
    """
    if addressed.topic is None:
        topic = ingest_addresses.of_device(sender, addressed.city, addressed.device)
    else:
        topic = ingest_addresses.on_topic(sender, addressed.topic)
    return ingest(request, Sending(sender.name, body, key, now), topic)


@router.post(
    "/{city}/{path:path}",
    status_code=202,
    dependencies=[INTAKE],
    openapi_extra={**BODY, **ANY_QUERY},
    summary="Send a message to the path of a binding",
)
def post_to_path(  # noqa: PLR0913, PLR0917 - in the order in which they are found: who, whom, what
    request: Request,
    sender: AnySender,
    city: str,
    path: Annotated[str, Path(description="As the city file says, with a name for each placeholder.")],
    body: RawBody,
    now: Now,
    key: Key = None,
) -> Ingested:
    """Store one message of a webhook, by the decoder of its binding; otherwise as a message without a path."""
    topic = ingest_addresses.on_path(sender, city, path, request.query_params)
    return ingest(request, Sending(sender.name, body, key, now), topic)


@router.get(
    "/{city}/{path:path}",
    status_code=202,
    dependencies=[INTAKE],
    openapi_extra=ANY_QUERY,
    summary="Send a message in the query of a binding's path",
)
def send_in_query(  # noqa: PLR0913, PLR0917 - in the order in which they are found: who, whom, what
    request: Request,
    sender: AnySender,
    city: str,
    path: Annotated[str, Path(description="As the city file says, with a name for each placeholder.")],
    now: Now,
    key: Key = None,
) -> Ingested:
    """Store what a device says in a query that can do no more than ask for an address; otherwise as one that is posted.

    It is a message in JSON, an object of texts by the names in the query.
    """
    topic = ingest_addresses.on_path(sender, city, path, query(request))
    return ingest(request, Sending(sender.name, message(request), key, now), topic)
